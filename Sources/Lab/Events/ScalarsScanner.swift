// Nearly all lines of a long log are `scalars`, and a general decoder takes a hundred times as long
// for them as reading the bytes does. This reads such a line in the form that our encoder writes;
// a line in another form is left to the decoder.
import Foundation

struct ScalarsScanner {
  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private var at = 0
  // Names of the line before: equal ones are shared.
  private var run = Name()
  private var names: [Name] = []
  private var sharedNames: [String] = []
  private var count = 0

  private struct Name {
    var bytes: [UInt8] = []
    var text = ""

    func equals(_ other: UnsafeRawBufferPointer) -> Bool { bytes.elementsEqual(other) }
  }

  private static let keys: [StaticString] = [
    "event", "run", "series", "seq", "t", "step", "epoch", "first", "n",
  ]

  /// The fields of a line that have been read.
  private struct Fields {
    /// A bit for each of `keys`.
    var seen: UInt16 = 0
    var seq: UInt64 = 0
    var t: UInt64 = 0
    var step = 0, epoch = 0, first = 0, n = 0, width = 0
    var packed: [Float] = []
  }

  /// The event, if the line (without its newline) holds scalars in the usual form; else nil.
  mutating func event(_ line: UnsafeRawBufferPointer) -> Event? {
    (bytes, at) = (line, 0)
    var fields = Fields()
    fields.packed.reserveCapacity(count)
    guard take("{") else { return nil }
    repeat {
      guard let key = word(), take(":"), read(key, into: &fields) else { return nil }
    } while take(",")
    guard take("}"), at == bytes.count, fields.seen == 0x1FF else { return nil }
    count = fields.packed.count
    let scalars = Scalars(
      first: fields.first, n: fields.n, names: sharedNames, width: fields.width,
      packed: fields.packed)
    guard scalars.holdsSteps else { return nil }
    return Event(
      run: run.text, seq: fields.seq, t: fields.t, step: fields.step, epoch: fields.epoch,
      body: scalars)
  }

  /// One field of the object. False: not as expected, or there twice.
  private mutating func read(_ key: UnsafeRawBufferPointer, into fields: inout Fields) -> Bool {
    guard let place = Self.keys.firstIndex(where: { Self.equal(key, $0) }) else {
      return Self.equal(key, "v") && integer() != nil
    }
    guard fields.seen & (1 << UInt16(place)) == 0 else { return false }
    fields.seen |= 1 << UInt16(place)
    switch place {
    case 0: return word().map { Self.equal($0, "scalars") } ?? false
    case 1: return name()
    case 2: return series(&fields)
    case 3: return unsigned().map { fields.seq = $0 } != nil
    case 4: return unsigned().map { fields.t = $0 } != nil
    case 5: return integer().map { fields.step = $0 } != nil
    case 6: return integer().map { fields.epoch = $0 } != nil
    case 7: return integer().map { fields.first = $0 } != nil
    default: return integer().map { fields.n = $0 } != nil
    }
  }

  /// The run's.
  private mutating func name() -> Bool {
    guard let name = word() else { return false }
    if !run.equals(name) { run = Name(bytes: Array(name), text: Self.text(name)) }
    return true
  }

  /// `{"name":[values],…}`, all of one length.
  private mutating func series(_ fields: inout Fields) -> Bool {
    guard take("{") else { return false }
    if take("}") { return adopt(0) }
    var count = 0
    repeat {
      guard let name = word(), take(":"), take("[") else { return false }
      note(name, at: count)
      let start = fields.packed.count
      guard values(&fields.packed) else { return false }
      let width = fields.packed.count - start
      if count == 0 { fields.width = width }
      guard width == fields.width else { return false }
      count += 1
    } while take(",")
    return take("}") && adopt(count)
  }

  /// The numbers of an array, up to its end.
  private mutating func values(_ packed: inout [Float]) -> Bool {
    if take("]") { return true }
    repeat {
      guard let value = value() else { return false }
      packed.append(value)
    } while take(",")
    return take("]")
  }

  /// The `place`-th name of this line.
  private mutating func note(_ name: UnsafeRawBufferPointer, at place: Int) {
    if place < names.count, names[place].equals(name) { return }
    names.removeSubrange(min(place, names.count)...)
    names.append(Name(bytes: Array(name), text: Self.text(name)))
  }

  /// Takes the first `count` names over as those of the line. False: one is there twice.
  private mutating func adopt(_ count: Int) -> Bool {
    names.removeSubrange(count...)
    if sharedNames.count == count, zip(sharedNames, names).allSatisfy({ $0 == $1.text }) {
      return true
    }
    let texts = names.map(\.text)
    let areDistinct = Set(texts).count == count
    sharedNames = areDistinct ? texts : []
    return areDistinct
  }

  // MARK: pieces

  private mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: expected) else { return false }
    at += 1
    return true
  }

  /// A string without escapes, and of ASCII: others are rare and left to the decoder.
  private mutating func word() -> UnsafeRawBufferPointer? {
    guard take("\"") else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20, bytes[at] < 0x80 else {
        return nil
      }
      at += 1
    }
    guard at < bytes.count else { return nil }
    at += 1
    return UnsafeRawBufferPointer(rebasing: bytes[start..<at - 1])
  }

  private mutating func integer() -> Int? {
    let isNegative = take("-")
    guard let size = unsigned(), size <= UInt64(Int.max) else { return nil }
    return isNegative ? -Int(size) : Int(size)
  }

  private mutating func unsigned() -> UInt64? {
    let (start, digits) = (at, self.digits(18))
    guard at > start, at - start <= 18 else { return nil }
    return bytes[start] == UInt8(ascii: "0") && at - start > 1 ? nil : digits
  }

  /// The digits here as a number, as far as `limit` of them go; `at` is behind all of them.
  private mutating func digits(_ limit: Int, after number: UInt64 = 0) -> UInt64 {
    var number = number
    let start = at
    while at < bytes.count, case let digit = bytes[at] &- UInt8(ascii: "0"), digit < 10 {
      if at - start < limit { number = number * 10 + UInt64(digit) }
      at += 1
    }
    return number
  }

  private static func equal(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
    bytes.count == text.utf8CodeUnitCount
      && memcmp(bytes.baseAddress ?? UnsafeRawPointer(text.utf8Start), text.utf8Start, bytes.count)
        == 0
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

// MARK: numbers

extension ScalarsScanner {
  /// A number, a word for a non-finite one, or null.
  private mutating func value() -> Float? {
    guard at < bytes.count else { return nil }
    switch bytes[at] {
    case UInt8(ascii: "n"):
      guard bytes.count - at >= 4,
        Self.equal(UnsafeRawBufferPointer(rebasing: bytes[at..<at + 4]), "null")
      else { return nil }
      at += 4
      return Scalars.absent
    case UInt8(ascii: "\""):
      guard let word = word() else { return nil }
      if Self.equal(word, "nan") { return .nan }
      if Self.equal(word, "inf") { return .infinity }
      return Self.equal(word, "-inf") ? -.infinity : nil
    default: return number()
    }
  }

  private static let powers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { p, _ in p * 10 } }

  /// Up to 15 digits and powers of ten up to 22 are exact doubles, so one operation gives the
  /// right double (Clinger 1990, doi:10.1145/93548.93557), and that the right float unless it lies
  /// halfway between two. Longer numbers, and smaller ones, are the decoder's.
  private mutating func number() -> Float? {
    let start = at
    let isNegative = take("-")
    guard let (digits, scale) = decimal() else { return nil }
    guard digits < 1_000_000_000_000_000, at - start < 20, abs(scale) <= 22 else { return nil }
    let powers = Self.powers
    let size = scale < 0 ? Double(digits) / powers[-scale] : Double(digits) * powers[scale]
    let isHalfway = size.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    guard !isHalfway, size == 0 || size >= Double(Float.leastNormalMagnitude) else { return nil }
    let value = Float(isNegative ? -size : size)
    return value.isFinite ? value : nil
  }

  /// Digits without point, and the power of ten they are to be multiplied with.
  private mutating func decimal() -> (digits: UInt64, scale: Int)? {
    let start = at
    var number = digits(18)
    guard at > start, at == start + 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
    var scale = 0
    if take(".") {
      let point = at
      number = digits(max(0, 18 - (point - 1 - start)), after: number)
      guard at > point else { return nil }
      scale = point - at
    }
    if take("e") || take("E") {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      let point = at
      let exponent = digits(4)
      guard at > point, at - point <= 4 else { return nil }
      scale += isNegative ? -Int(exponent) : Int(exponent)
    }
    return (number, scale)
  }
}
