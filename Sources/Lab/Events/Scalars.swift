// A stretch of the curves as one event: all values in one array, so that the log of a long run
// fits in memory beside its curves.

/// Up to 64 consecutive steps of every series; `nil` where a series has no value at a step.
public struct Scalars: EventBody {
  public static let kind = "scalars"

  public let first: Int
  public let n: Int
  /// Of the series, in the order of `packed`.
  let names: [String]
  /// Places that each series has in `packed`.
  let width: Int
  /// `[names, width]`; `absent` where a series has no value.
  let packed: [Float]
}

extension Scalars {
  package init(first: Int, n: Int, series: [String: [Float?]]) {
    let sorted = series.sorted { $0.key < $1.key }
    let width = sorted.map(\.value.count).max() ?? 0
    var packed: [Float] = []
    packed.reserveCapacity(sorted.count * width)
    for (_, values) in sorted {
      for value in values { packed.append(Self.packed(value)) }
      for _ in values.count..<width { packed.append(Self.absent) }
    }
    self.init(first: first, n: n, names: sorted.map(\.key), width: width, packed: packed)
  }

  public var series: [String: [Float?]] {
    Dictionary(
      zip(names, names.indices.map { row(of: $0).map { Self.isAbsent($0) ? nil : $0 } }),
      uniquingKeysWith: { $1 })
  }

  /// The packed values of the `place`-th series.
  func row(of place: Int) -> ArraySlice<Float> { packed[place * width..<(place + 1) * width] }

  /// Its first steps: at most `count`, at least none.
  public func prefix(_ count: Int) -> Scalars {
    let kept = min(max(0, count), width)
    return Scalars(
      first: first, n: min(max(0, count), n), names: names, width: kept,
      packed: names.indices.flatMap { row(of: $0).prefix(kept) })
  }

  // MARK: no value

  /// The absence of a value: a NaN that no arithmetic makes.
  static let absent = Float(bitPattern: 0x7FC5_CA27)

  static func isAbsent(_ value: Float) -> Bool { value.bitPattern == absent.bitPattern }

  static func packed(_ value: Float?) -> Float {
    guard let value else { return absent }
    return value.isNaN ? .nan : value
  }
}

extension Scalars: Equatable {
  /// A NaN equals itself here: the same line of the log is the same event.
  public static func == (a: Scalars, b: Scalars) -> Bool {
    guard a.first == b.first, a.n == b.n, a.width == b.width, a.names.count == b.names.count
    else { return false }
    return a.names.enumerated().allSatisfy { place, name in
      guard let other = b.names.firstIndex(of: name) else { return false }
      return a.row(of: place).elementsEqual(b.row(of: other)) { $0.bitPattern == $1.bitPattern }
    }
  }
}

extension Scalars: Codable {
  private enum Key: String, CodingKey { case first, n, series }

  /// Steps that a curve can hold.
  static let steps = 0...Int(UInt32.max)

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    self.init(
      first: try fields.decode(Int.self, forKey: .first),
      n: try fields.decode(Int.self, forKey: .n),
      series: try fields.decode([String: [Float?]].self, forKey: .series))
    guard holdsSteps else {
      throw DecodingError.dataCorruptedError(
        forKey: .first, in: fields, debugDescription: "steps from \(first); expected 0 or more")
    }
  }

  /// Whether a curve can hold the steps of all values.
  var holdsSteps: Bool {
    Self.steps.contains(first) && Self.steps.contains(first + width)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(first, forKey: .first)
    try fields.encode(n, forKey: .n)
    try fields.encode(series, forKey: .series)
  }
}

extension RunFolder {
  /// The last value of each curve, by name. Throws if the log cannot be read.
  public func lastScalars() throws -> [String: Float] {
    let bodies = try EventLog.read(events, only: [Scalars.self]).events.map(\.body)
    return bodies.compactMap { $0 as? Scalars }.reduce(into: [:]) { values, scalars in
      for (name, points) in scalars.series {
        if let last = points.compactMap({ $0 }).last { values[name] = last }
      }
    }
  }
}
