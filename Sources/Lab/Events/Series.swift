import Formats
import Foundation

/// A curve: values at increasing steps, as logged. A non-finite value is kept; plots draw a gap.
/// Eight bytes a point.
public struct Series: Sendable, Equatable {
  public private(set) var steps: [UInt32] = []
  public private(set) var values: [Float] = []

  public init() {}

  /// Reserves room for `points`, up to a limit: growing fragments the memory.
  init(reserving points: Int) {
    let room = min(max(0, points), 1 << 17)
    steps.reserveCapacity(room)
    values.reserveCapacity(room)
  }

  public var count: Int { steps.count }
  public var last: (step: Int, value: Float)? {
    guard let step = steps.last, let value = values.last else { return nil }
    return (Int(step), value)
  }

  /// Appends a value. If a resumed run repeats steps, drops the values at and after `step` first:
  /// the later line of the log counts.
  public mutating func append(_ value: Float, at step: Int) {
    forget(from: step)
    steps.append(UInt32(clamping: step))
    values.append(value)
  }

  /// Drops the values at and after `step`.
  public mutating func forget(from step: Int) {
    let first = UInt32(clamping: step)
    while let last = steps.last, last >= first {
      steps.removeLast()
      values.removeLast()
    }
  }

  /// Appends a stretch of consecutive steps as `Scalars` packs it, those without a value left out.
  mutating func append(_ packed: ArraySlice<Float>, from first: Int) {
    guard let lead = packed.firstIndex(where: { !Scalars.isAbsent($0) }) else { return }
    let start = first + (lead - packed.startIndex)
    if let last = steps.last, Int(last) >= start { forget(from: start) }
    for (offset, value) in packed.enumerated() where !Scalars.isAbsent(value) {
      steps.append(UInt32(clamping: first + offset))
      values.append(value)
    }
  }
}

public enum SeriesText: String, Sendable, CaseIterable {
  /// `series,step,value` with a header.
  case csv
  /// One object a line; non-finite values are the strings "nan", "inf", "-inf".
  case ndjson

  /// The first line of a format that has one.
  public var header: String? { self == .csv ? "series,step,value" : nil }

  /// A curve, without a newline at its end.
  public func lines(_ name: String, _ series: Series) -> String {
    let label = self == .csv ? CSVText.quoted(name) : Self.json(name)
    return zip(series.steps, series.values).map { line(label, $0, $1) }.joined(separator: "\n")
  }

  /// All curves by name, ending in a newline.
  public func text(_ series: [String: Series]) -> String {
    let curves = series.sorted { $0.key < $1.key }.filter { $0.value.count > 0 }
      .map { lines($0.key, $0.value) }
    return ([header].compactMap(\.self) + curves).joined(separator: "\n") + "\n"
  }

  private func line(_ label: String, _ step: UInt32, _ value: Float) -> String {
    switch self {
    case .csv: "\(label),\(step),\(value)"
    case .ndjson:
      "{\"series\":\(label),\"step\":\(step),"
        + "\"value\":\(value.isFinite ? "\(value)" : "\"\(value)\"")}"
    }
  }

  private static func json(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
  }
}
