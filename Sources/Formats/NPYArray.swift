// One NumPy array, in a file of its own or in an archive: the header first, values on demand.

struct NPYArray: Sendable {
  let header: NPYHeader
  private let source: any ByteSource
  private let start: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Reads the header. Throws `FormatError`.
  init(_ source: any ByteSource) throws {
    let fixed = try source.fetch(0..<min(12, source.count))
    guard fixed.count >= 10, fixed.starts(with: Self.magic) else {
      throw source.problem("no NPY file; expected it to begin with \\x93NUMPY and a header")
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
  }

  /// Nil for strings and objects.
  var type: ElementType? { ElementType(numpy: header.descr) }

  /// All values, row-major. Throws `FormatError` when they are no numbers or do not fill the file.
  func values() throws -> [Float] {
    guard let type else {
      throw source.problem(
        "elements of type \(header.descr); expected little-endian numbers such as <f4")
    }
    let count = try count(elementSize: type.size)
    let values = try type.floats(of: source, at: start, count: count, of: "the array")
    return header.isFortran ? rowMajor(values, header.shape) : values
  }

  /// How many elements there are; they fill the rest of the file.
  private func count(elementSize: Int) throws -> Int {
    guard let count = elementCount(header.shape),
      elementCount([count, elementSize]) == source.count - start
    else {
      throw source.problem(
        "\(source.count - start) bytes of data; expected what shape \(header.shape) of"
          + " \(header.descr) needs")
    }
    return count
  }

  /// All strings, row-major, and their shape. Throws `FormatError` when they are none.
  func strings() throws -> (shape: [Int], values: [String]) {
    let descr = header.descr
    if descr == "|O" {
      let rest = try source.section(at: start, count: source.count - start, of: "the array")
      let pickle = try Pickle.read(rest, allowing: NumPyPickle.globals).pickle
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

  /// Padded with NULs at its end; UTF-32, or bytes that are taken for UTF-8.
  private func text(_ bytes: ArraySlice<UInt8>, isWide: Bool) -> String {
    guard isWide else { return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    let field = Array(bytes)
    var text = ""
    for at in stride(from: 0, to: field.count, by: 4) {
      let code = field.integer(at: at, as: UInt32.self)
      if code == 0 { break }
      text.unicodeScalars.append(Unicode.Scalar(code) ?? "\u{fffd}")
    }
    return text
  }
}

extension ElementType {
  /// From NumPy's description of a type, such as `<f4`.
  init?(numpy descr: String) {
    let names: [String: ElementType] = [
      "<f8": .f64, "<f4": .f32, "<f2": .f16, "<i8": .i64, "<i4": .i32, "<i2": .i16, "|i1": .i8,
      "<u8": .u64, "<u4": .u32, "<u2": .u16, "|u1": .u8, "|b1": .bool,
    ]
    guard let type = names[descr] else { return nil }
    self = type
  }
}

/// From first index fastest to last index fastest.
func rowMajor<Element>(_ values: [Element], _ shape: [Int]) -> [Element] {
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
