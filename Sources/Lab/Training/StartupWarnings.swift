// Warnings about the data of a run before it starts.
import Autograd
import Datasets

enum StartupWarnings {
  /// Problems named one by one; the rest are counted.
  static let mostNamed = 20

  static func of(_ problems: [String], _ train: [Clip], _ classes: [String]) -> [LogLine] {
    var lines = problems.prefix(mostNamed).map { LogLine(level: .warn, code: "data", text: $0) }
    if problems.count > mostNamed {
      let more = problems.count - mostNamed
      lines.append(LogLine(level: .warn, code: "data", text: "and \(more) more problems"))
    }
    let empty = classes.indices.filter { index in
      !problems.contains { $0.hasPrefix("class \(classes[index]) has no positive") }
        && !train.contains { ($0.labels[index] ?? 0) >= 0.5 }
    }
    if !empty.isEmpty {
      let names = empty.map { classes[$0] }.joined(separator: ", ")
      lines.append(
        LogLine(
          level: .warn, code: "no-positive",
          text: "no observed positive in the train split: \(names); expected one a class"))
    }
    return lines
  }

  /// A precision that the processor does not support.
  static func of(_ precision: Precision) -> [LogLine] {
    guard !precision.isSupported else { return [] }
    return [
      LogLine(
        level: .warn, code: "precision",
        text: "this processor does not multiply \(precision.rawValue); products stay float32")
    ]
  }
}
