// The header of an NPY file: a Python dictionary, parsed without evaluating Python.

package struct NPYHeader: Equatable {
  /// The element type, such as `<f4`; of a record array the text of its list of fields.
  package let descr: String
  let isFortran: Bool
  package let shape: [Int]

  /// Nil unless `bytes` is a dictionary with exactly descr, fortran_order and shape.
  init?(_ bytes: ArraySlice<UInt8>) {
    var scanner = Scanner(bytes: bytes)
    var descr: String?
    var isFortran: Bool?
    var shape: [Int]?
    guard scanner.take("{") else { return nil }
    while !scanner.take("}") {
      guard let key = scanner.string(), scanner.take(":") else { return nil }
      switch key {
      case "descr" where descr == nil: descr = scanner.string() ?? scanner.list()
      case "fortran_order" where isFortran == nil: isFortran = scanner.boolean()
      case "shape" where shape == nil: shape = scanner.tuple()
      default: return nil
      }
      if !scanner.take(",") {
        guard scanner.take("}") else { return nil }
        break
      }
    }
    guard scanner.isAtEnd, let descr, let isFortran, let shape else { return nil }
    self.descr = descr
    self.isFortran = isFortran
    self.shape = shape
  }

  /// Takes tokens one by one and skips blanks between them.
  private struct Scanner {
    var bytes: ArraySlice<UInt8>
    private let whole: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) {
      self.bytes = bytes
      whole = bytes
    }

    var isAtEnd: Bool {
      mutating get {
        skipBlanks()
        return bytes.isEmpty
      }
    }

    mutating func skipBlanks() {
      bytes = bytes.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
    }

    mutating func take(_ token: String) -> Bool {
      skipBlanks()
      guard bytes.starts(with: token.utf8) else { return false }
      bytes = bytes.dropFirst(token.utf8.count)
      return true
    }

    mutating func string() -> String? {
      let quote = take("'") ? UInt8(ascii: "'") : take("\"") ? UInt8(ascii: "\"") : nil
      guard let quote, let end = bytes.firstIndex(of: quote) else { return nil }
      defer { bytes = bytes[(end + 1)...] }
      return String(validating: bytes[..<end], as: UTF8.self)
    }

    /// The text of a list, up to its closing bracket.
    mutating func list() -> String? {
      skipBlanks()
      guard bytes.first == UInt8(ascii: "[") else { return nil }
      let start = bytes.startIndex
      var depth = 0
      while let byte = bytes.first {
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          guard string() != nil else { return nil }
          continue
        }
        bytes = bytes.dropFirst()
        if byte == UInt8(ascii: "[") { depth += 1 }
        if byte == UInt8(ascii: "]") { depth -= 1 }
        if depth == 0 { break }
      }
      guard depth == 0 else { return nil }
      return String(validating: whole[start..<bytes.startIndex], as: UTF8.self)
    }

    mutating func boolean() -> Bool? { take("True") ? true : take("False") ? false : nil }

    mutating func tuple() -> [Int]? {
      guard take("(") else { return nil }
      var sizes: [Int] = []
      while !take(")") {
        skipBlanks()
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        guard let size = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        bytes = bytes[digits.endIndex...]
        _ = take("L")  // how Python 2 marks long integers
        sizes.append(size)
        if !take(",") {
          // (3) is a number in Python; a tuple of one size needs its comma.
          return take(")") && sizes.count > 1 ? sizes : nil
        }
      }
      return sizes
    }
  }
}
