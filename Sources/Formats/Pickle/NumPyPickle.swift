// NumPy's arrays inside pickles: how `numpy.ndarray.__reduce__` describes them.

struct NumPyPickle {
  private let pickle: Pickle
  private let file: String

  private static let reconstruct: Set<String> = [
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
  ]
  private static let scalar: Set<String> = [
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
  ]
  private static let encode: Set<String> = ["_codecs.encode"]

  /// What such pickles may name.
  static let globals =
    reconstruct.union(scalar).union(encode).union(["numpy.ndarray", "numpy.dtype"])

  init(_ pickle: Pickle, _ file: String) {
    self.pickle = pickle
    self.file = file
  }

  /// An array's shape, element type and content, all of them checked to be there, not to fit.
  private struct Array {
    let shape: [Int]
    let descr: String
    let isFortran: Bool
    let content: PickleValue
  }

  /// Nil for anything but an array.
  private func array(_ value: PickleValue) -> Array? {
    guard let call = pickle.call(value, of: Self.reconstruct), let state = call.state else {
      return nil
    }
    let items = pickle.items(state)
    guard items.count == 5, let shape = pickle.integers(items[1]), let descr = descr(items[2])
    else { return nil }
    return Array(
      shape: shape, descr: descr, isFortran: items[3].isTrue, content: items[4])
  }

  /// A dtype as a `.npy` header would write it.
  private func descr(_ value: PickleValue) -> String? {
    guard let call = pickle.call(value, of: ["numpy.dtype"]),
      let name = call.arguments.first?.string, let state = call.state
    else { return nil }
    let parts = pickle.items(state)
    guard parts.count >= 2, let order = parts[1].string else { return nil }
    return name.hasPrefix("O") ? "|O" : order + name
  }

  /// Bytes, or the call that protocol 2 writes instead of them.
  private func bytes(_ value: PickleValue) -> [UInt8]? {
    if case .bytes(let bytes) = value { return bytes }
    guard let call = pickle.call(value, of: Self.encode), call.arguments.count == 2,
      case .text(let text) = call.arguments[0], call.arguments[1].string == "latin1"
    else { return nil }
    let codes = text.unicodeScalars.map(\.value)
    return codes.allSatisfy { $0 < 256 } ? codes.map { UInt8($0) } : nil
  }

  /// An array of numbers; nil when `value` is something else, such as a list. Throws `FormatError`
  /// when its content does not fit its shape.
  func numbers(_ value: PickleValue) throws -> (shape: [Int], type: ElementType, bytes: [UInt8])? {
    guard let array = array(value), let type = ElementType(numpy: array.descr) else { return nil }
    guard let bytes = bytes(array.content), let count = elementCount(array.shape),
      elementCount([count, type.size]) == bytes.count, !array.isFortran
    else { throw problem("an array whose content does not fit shape \(array.shape)") }
    return (array.shape, type, bytes)
  }

  /// An array of strings (or integers, which become digits). Throws `FormatError`.
  func strings(_ value: PickleValue) throws -> (shape: [Int], values: [String]) {
    guard let array = array(value), case .list = array.content else {
      throw problem("something else than an array of objects")
    }
    let items = pickle.items(array.content)
    guard elementCount(array.shape) == items.count else {
      throw problem("\(items.count) objects for shape \(array.shape)")
    }
    let texts = try items.map(string)
    return (array.shape, array.isFortran ? rowMajor(texts, array.shape) : texts)
  }

  private func string(_ value: PickleValue) throws -> String {
    if let text = value.string { return text }
    if let number = value.integer { return String(number) }
    if let call = pickle.call(value, of: Self.scalar), call.arguments.count == 2,
      let descr = descr(call.arguments[0]), let bytes = bytes(call.arguments[1])
    {
      return try scalar(descr, bytes)
    }
    throw problem("an object that is no string")
  }

  /// `numpy.str_`, `numpy.bytes_` or an integer, as NumPy pickles single values.
  private func scalar(_ descr: String, _ bytes: [UInt8]) throws -> String {
    if descr.hasPrefix("<U"), bytes.count % 4 == 0 {
      let codes = stride(from: 0, to: bytes.count, by: 4).map {
        bytes.integer(at: $0, as: UInt32.self)
      }
      return codes.prefix { $0 != 0 }.reduce(into: "") {
        $0.unicodeScalars.append(Unicode.Scalar($1) ?? "\u{fffd}")
      }
    }
    if descr.hasPrefix("|S") { return String(decoding: bytes, as: UTF8.self) }
    if descr == "<i8", bytes.count == 8 { return String(bytes.integer(at: 0, as: Int64.self)) }
    throw problem("a value of type \(descr)")
  }

  private func problem(_ what: String) -> FormatError {
    FormatError(file: file, message: "the pickle holds \(what); expected strings or numbers")
  }
}
