// NumPy's array files, versions 1 to 3: numbers and strings. Pickles are read, never executed.
import Foundation

/// Reads and writes `.npy`. Format: numpy.lib.format, NEP 1.
public enum NPY {
  /// Shape and row-major values, converted to `Float`. Types: f2 f4 f8, i1 to i8, u1 to u8 and b1,
  /// little-endian, in C or Fortran order. Throws `Problem`.
  public static func read(_ url: URL) throws -> (shape: [Int], values: [Float]) {
    let array = try NPYArray(try OpenFile(url))
    return (array.header.shape, try array.values())
  }

  /// Shape and row-major strings: Unicode or byte strings of fixed length, or pickled strings or
  /// integers. Pickles are never executed. Throws `Problem`.
  public static func strings(_ url: URL) throws -> (shape: [Int], values: [String]) {
    try NPYArray(try OpenFile(url)).strings()
  }

  /// The same from memory; `name` names it in errors.
  package static func strings(
    _ bytes: [UInt8], name: String
  ) throws -> (shape: [Int], values: [String]) {
    try NPYArray(MemoryBytes(name: name, content: bytes)).strings()
  }

  /// Replaces `url` atomically by an array of version 1, `<f4`, in C order. Throws `Problem`.
  public static func write(_ values: [Float], shape: [Int], to url: URL) throws {
    try AtomicFile.write(Data(encoded(values, shape: shape)), to: url)
  }

  /// The bytes of such a file.
  package static func encoded(_ values: [Float], shape: [Int]) -> [UInt8] {
    precondition(elementCount(shape) == values.count, "\(values.count) values for \(shape)")
    var bytes = header("<f4", shape)
    for value in values { bytes.append(littleEndian: value.bitPattern) }
    return bytes
  }

  /// The bytes of an array [N] of `<u4`.
  package static func encoded(_ values: [UInt32]) -> [UInt8] {
    var bytes = header("<u4", [values.count])
    for value in values { bytes.append(littleEndian: value) }
    return bytes
  }

  /// The bytes of an array [N] of texts, `<U`, all as long as the longest.
  package static func encoded(_ texts: [String]) -> [UInt8] {
    // NumPy knows no text of length 0.
    let width = max(1, texts.map(\.unicodeScalars.count).max() ?? 0)
    var bytes = header("<U\(width)", [texts.count])
    for text in texts {
      for scalar in text.unicodeScalars { bytes.append(littleEndian: scalar.value) }
      bytes += [UInt8](repeating: 0, count: 4 * (width - text.unicodeScalars.count))
    }
    return bytes
  }

  private static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let rest = (NPYArray.magic.count + 4 + text.utf8.count + 1) % 64
    text += String(repeating: " ", count: (64 - rest) % 64) + "\n"
    var bytes = NPYArray.magic + [1, 0]
    bytes.append(littleEndian: UInt16(text.utf8.count))
    return bytes + Array(text.utf8)
  }
}

/// An array whose header is read; its values are read on demand.
package struct NPYArray: Sendable {
  package let header: NPYHeader
  private let source: any ByteSource
  private let start: Int

  package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header. Throws `Problem`.
  package init(_ source: any ByteSource) throws {
    let fixed = try source.fetch(0..<min(12, source.count))
    guard fixed.count >= 10, fixed.starts(with: Self.magic) else {
      throw source.problem("not an NPY file; expected it to begin with \\x93NUMPY and a header")
    }
    guard (1...3).contains(fixed[6]), fixed[7] == 0 else {
      throw source.problem("NPY version \(fixed[6]).\(fixed[7]); expected 1.0, 2.0 or 3.0")
    }
    let isShort = fixed[6] == 1
    let begin = isShort ? 10 : 12
    guard fixed.count >= begin else {
      throw source.problem("\(fixed.count) bytes; expected a header")
    }
    let length =
      isShort
      ? Int(fixed.integer(at: 8, as: UInt16.self)) : Int(fixed.integer(at: 8, as: UInt32.self))
    let bytes = try source.bytes(at: begin, count: length, of: "NPY header")
    guard let header = NPYHeader(bytes[...]) else {
      throw source.problem(
        "malformed header; expected {'descr': …, 'fortran_order': …, 'shape': …}")
    }
    self.header = header
    self.source = source
    start = begin + length
    try checkSize()
  }

  /// Nil for strings and objects.
  package var type: ElementType? { ElementType(numpy: header.descr) }

  /// Checks that the file has the bytes that the shape needs.
  private func checkSize() throws {
    if let size = header.elementSize {
      _ = try count(elementSize: size)
      return
    }
    // Objects and records take at least a byte each.
    guard let count = elementCount(header.shape), count <= source.count - start else {
      throw mismatch
    }
  }

  /// All values, row-major. Throws `Problem` if they are not numbers or do not fill the file.
  package func values() throws -> [Float] {
    guard let type else {
      throw source.problem(
        "elements of type \(header.descr); expected little-endian numbers such as <f4")
    }
    let count = try count(elementSize: type.size)
    let values = try type.floats(of: source, at: start, count: count, of: "the array")
    return header.isFortran ? rowMajor(values, header.shape) : values
  }

  /// The number of elements, which fill the rest of the file.
  private func count(elementSize: Int) throws -> Int {
    guard let count = elementCount(header.shape),
      elementCount([count, elementSize]) == source.count - start
    else { throw mismatch }
    return count
  }

  private var mismatch: Problem {
    source.problem(
      "\(source.count - start) bytes of data; expected what shape \(header.shape) of"
        + " \(header.descr) needs")
  }

  /// Shape and row-major strings. Throws `Problem` if the elements are not strings.
  func strings() throws -> (shape: [Int], values: [String]) {
    let descr = header.descr
    if descr == "|O" {
      let rest = try source.section(at: start, count: source.count - start, of: "the array")
      let pickle = try Pickle.read(rest).pickle
      return try NumPyPickle(pickle, source.name).strings(pickle.root)
    }
    guard let width = Int(descr.dropFirst(2)), (1...1 << 20).contains(width),
      descr.hasPrefix("<U") || descr.hasPrefix("|S")
    else { throw source.problem("elements of type \(descr); expected strings") }
    let size = descr.hasPrefix("<U") ? 4 * width : width
    let count = try count(elementSize: size)
    let bytes = try source.fetch(start..<source.count)
    let texts = (0..<count).map { index in
      text(bytes[index * size..<(index + 1) * size], isWide: descr.hasPrefix("<U"))
    }
    return (header.shape, header.isFortran ? rowMajor(texts, header.shape) : texts)
  }

  private func text(_ bytes: ArraySlice<UInt8>, isWide: Bool) -> String {
    isWide ? numpyText(utf32: Array(bytes)) : numpyText(utf8: bytes)
  }
}

/// A byte string without its padding of NULs, as UTF-8.
func numpyText(utf8 bytes: ArraySlice<UInt8>) -> String {
  let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
  return String(decoding: bytes[..<end], as: UTF8.self)
}

/// A UTF-32 string without its padding of NULs.
func numpyText(utf32 bytes: [UInt8]) -> String {
  let codes = stride(from: 0, to: bytes.count - 3, by: 4).map {
    bytes.integer(at: $0, as: UInt32.self)
  }
  let end = codes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
  return codes[..<end].reduce(into: "") {
    $0.unicodeScalars.append(Unicode.Scalar($1) ?? "\u{fffd}")
  }
}

extension NPYHeader {
  /// Bytes per element; nil for objects, records and unknown types.
  var elementSize: Int? {
    if let type = ElementType(numpy: descr) { return type.size }
    guard let order = descr.first, "<>|=".contains(order), let kind = descr.dropFirst().first,
      "iufcbSUVmM".contains(kind)
    else { return nil }
    // Dates carry their unit: <M8[ns].
    guard let size = Int(descr.dropFirst(2).prefix { $0 != "[" }) else { return nil }
    return kind == "U" ? elementCount([size, 4]) ?? .max : size
  }
}

extension ElementType {
  /// From NumPy's description of a type, such as `<f4`; `=f4` and `f4` are the machine's own order.
  package init?(numpy descr: String) {
    let wide: [String: ElementType] = [
      "f8": .f64, "f4": .f32, "f2": .f16, "i8": .i64, "i4": .i32, "i2": .i16, "u8": .u64,
      "u4": .u32, "u2": .u16,
    ]
    let narrow: [String: ElementType] = ["i1": .i8, "u1": .u8, "b1": .bool, "?": .bool]
    let order = descr.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    let name = order == nil ? descr : String(descr.dropFirst())
    let isLittle = order == nil || order == "<" || order == "="
    guard let type = narrow[name] ?? (isLittle ? wide[name] : nil) else { return nil }
    self = type
  }
}

/// Reorders values from Fortran order (first index fastest) to C order (last index fastest).
package func rowMajor<Element>(_ values: [Element], _ shape: [Int]) -> [Element] {
  var index = [Int](repeating: 0, count: shape.count)
  var result = values
  for value in values {
    var position = 0
    for axis in shape.indices { position = position * shape[axis] + index[axis] }
    result[position] = value
    for axis in shape.indices {
      index[axis] += 1
      if index[axis] < shape[axis] { break }
      index[axis] = 0
    }
  }
  return result
}
