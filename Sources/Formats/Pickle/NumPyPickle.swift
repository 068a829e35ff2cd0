// NumPy arrays in pickles, as described by `numpy.ndarray.__reduce__`.

package struct NumPyPickle {
  private let pickle: Pickle
  private let file: String

  private static let reconstruct = names("multiarray._reconstruct")
  private static let frombuffer = names("numeric._frombuffer")
  private static let scalar = names("multiarray.scalar")
  private static let encode: Set<String> = ["_codecs.encode"]
  private static let bytearray: Set<String> = ["builtins.bytearray", "__builtin__.bytearray"]

  /// The names in NumPy 1 and NumPy 2.
  private static func names(_ name: String) -> Set<String> {
    ["numpy.core.\(name)", "numpy._core.\(name)"]
  }

  package init(_ pickle: Pickle, _ file: String) {
    self.pickle = pickle
    self.file = file
  }

  /// An array's shape, element type and content; not checked against each other.
  private struct Array {
    let shape: [Int]
    let descr: String
    /// Whether numbers are in Fortran order. NumPy pickles objects as a list in C order.
    let isFortran: Bool
    let content: PickleValue
  }

  /// An array of numbers, or why it cannot be read.
  package enum Finding {
    case numbers(shape: [Int], type: ElementType, bytes: [UInt8], isFortran: Bool)
    case other(String)
  }

  /// Nil for a value that is not an array.
  private func array(_ value: PickleValue) -> Array? {
    if let call = pickle.call(value, of: Self.frombuffer), call.arguments.count == 4 {
      let parts = call.arguments
      guard let descr = descr(parts[1]), let shape = pickle.integers(parts[2]) else { return nil }
      return Array(
        shape: shape, descr: descr, isFortran: parts[3].string == "F", content: parts[0])
    }
    guard let call = pickle.call(value, of: Self.reconstruct), let state = call.state else {
      return nil
    }
    let items = pickle.items(state)
    guard items.count == 5, let shape = pickle.integers(items[1]), let descr = descr(items[2])
    else { return nil }
    return Array(
      shape: shape, descr: descr, isFortran: items[3].isTrue, content: items[4])
  }

  /// A dtype as in the header of a `.npy` file.
  private func descr(_ value: PickleValue) -> String? {
    guard let call = pickle.call(value, of: ["numpy.dtype"]),
      let name = call.arguments.first?.string, let state = call.state
    else { return nil }
    let parts = pickle.items(state)
    guard parts.count >= 2, let order = parts[1].string else { return nil }
    return name.hasPrefix("O") ? "|O" : order + name
  }

  /// Bytes, or the call that protocol 2 writes instead.
  private func bytes(_ value: PickleValue) -> [UInt8]? {
    if case .bytes(let bytes) = value { return bytes }
    if let first = pickle.call(value, of: Self.bytearray)?.arguments.first {
      if case .bytes(let bytes) = first { return bytes }
      guard case .text(let text) = first else { return nil }
      return latin1(text)
    }
    guard let call = pickle.call(value, of: Self.encode), call.arguments.count == 2,
      case .text(let text) = call.arguments[0], call.arguments[1].string == "latin1"
    else { return nil }
    return latin1(text)
  }

  private func latin1(_ text: String) -> [UInt8]? {
    let codes = text.unicodeScalars.map(\.value)
    return codes.allSatisfy { $0 < 256 } ? codes.map { UInt8($0) } : nil
  }

  /// An array; nil for another value, such as a list. Throws `Problem` if the content does not fit
  /// the shape.
  package func numbers(_ value: PickleValue) throws -> Finding? {
    guard let array = array(value) else { return nil }
    guard let type = ElementType(numpy: array.descr) else {
      return .other("array \(array.shape) of \(array.descr)")
    }
    guard let bytes = bytes(array.content) else {
      guard case .object = array.content else { throw misfit(array) }
      return .other("array \(array.shape) in \(pickle.origin(array.content))")
    }
    guard let count = elementCount(array.shape), elementCount([count, type.size]) == bytes.count
    else { throw misfit(array) }
    return .numbers(shape: array.shape, type: type, bytes: bytes, isFortran: array.isFortran)
  }

  private func misfit(_ array: Array) -> Problem {
    problem("an array whose content does not fit shape \(array.shape)")
  }

  /// An array of strings (or integers, which become digits). Throws `Problem`.
  func strings(_ value: PickleValue) throws -> (shape: [Int], values: [String]) {
    guard let array = array(value), case .list = array.content else {
      throw problem("a value that is not an array of objects")
    }
    let items = pickle.items(array.content)
    guard elementCount(array.shape) == items.count else {
      throw problem("\(items.count) objects for shape \(array.shape)")
    }
    return (array.shape, try items.map(string))
  }

  private func string(_ value: PickleValue) throws -> String {
    if let text = value.string { return text }
    if let number = value.integer { return String(number) }
    if case .long(let bytes) = value, let digits = decimal(bytes) { return digits }
    if let call = pickle.call(value, of: Self.scalar), call.arguments.count == 2,
      let descr = descr(call.arguments[0]), let bytes = bytes(call.arguments[1])
    {
      return try scalar(descr, bytes)
    }
    throw problem("an object that is not a string")
  }

  /// A pickled scalar: `numpy.str_`, `numpy.bytes_` or an integer.
  private func scalar(_ descr: String, _ bytes: [UInt8]) throws -> String {
    if descr.hasPrefix("<U"), bytes.count % 4 == 0 { return numpyText(utf32: bytes) }
    if descr.hasPrefix("|S") { return numpyText(utf8: bytes[...]) }
    if descr == "<i8", bytes.count == 8 { return String(bytes.integer(at: 0, as: Int64.self)) }
    throw problem("a value of type \(descr)")
  }

  private func problem(_ what: String) -> Problem {
    Problem(file, "the pickle holds \(what); expected strings or numbers")
  }
}

/// The digits of an integer in two's complement, lowest byte first; nil beyond 64 bytes, which no
/// key or label needs.
private func decimal(_ bytes: [UInt8]) -> String? {
  guard bytes.count <= 64, let last = bytes.last else { return nil }
  let isNegative = last >= 0x80
  var magnitude = bytes
  if isNegative {
    var carry = 1
    for index in magnitude.indices {
      let sum = Int(~magnitude[index]) + carry
      magnitude[index] = UInt8(sum & 0xff)
      carry = sum >> 8
    }
  }
  var digits: [Character] = []
  while magnitude.contains(where: { $0 != 0 }) {
    var rest = 0
    for index in magnitude.indices.reversed() {
      let value = rest << 8 | Int(magnitude[index])
      magnitude[index] = UInt8(value / 10)
      rest = value % 10
    }
    digits.append(Character(String(rest)))
  }
  let text = String(digits.reversed())
  return (isNegative ? "-" : "") + (text.isEmpty ? "0" : text)
}
