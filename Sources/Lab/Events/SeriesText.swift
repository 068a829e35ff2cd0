// The curves of a run as text for other programs, one value a line.
import Foundation

public enum SeriesText: String, Sendable, CaseIterable {
  /// `series,step,value` with a header.
  case csv
  /// One object a line; non-finite values are the strings "nan", "inf", "-inf".
  case ndjson

  /// The first line, where the form has one.
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
