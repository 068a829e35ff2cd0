// The result of a benchmark, for people and as the line of JSON that programs compare.
import Autograd

/// What was measured and how it went.
public struct Figures: Sendable {
  /// Who was measured: "scant 0.1.0".
  public let program: String
  public let workload: String
  public let precision: Precision
  public let threads: Int
  public let timing: Timing
  public let items: Int
  public let unit: String
  public let peakMebibytes: Double?

  package init(
    program: String, workload: String, precision: Precision, threads: Int, timing: Timing,
    items: Int, unit: String, peakMebibytes: Double?
  ) {
    (self.program, self.workload, self.precision) = (program, workload, precision)
    (self.threads, self.timing) = (threads, timing)
    (self.items, self.unit, self.peakMebibytes) = (items, unit, peakMebibytes)
  }

  public var itemsPerSecond: Double { Double(items) / (timing.median / 1000) }

  /// Times `workload` for `seconds` on `threads` threads.
  public static func measure(
    _ workload: any Workload.Type, precision: Precision = .fp32, seconds: Double, threads: Int,
    program: String
  ) throws -> Figures {
    ThreadPool.configure(threads: threads)
    let prepared = try workload.init(precision)
    let timing = try Timing.measure(seconds: seconds) { try prepared.repetition() }
    return Figures(
      program: program, workload: workload.id, precision: precision, threads: threads,
      timing: timing, items: workload.items, unit: workload.unit,
      peakMebibytes: PeakMemory.mebibytes)
  }

  /// One JSON object without line breaks.
  public var json: String {
    var fields = [
      ("program", quoted(program)), ("workload", quoted(workload)),
      ("precision", quoted(precision.rawValue)), ("threads", "\(threads)"),
      ("median_ms", rounded(timing.median, 4)), ("min_ms", rounded(timing.least, 4)),
      ("n", "\(timing.repetitions)"), ("items_per_s", rounded(itemsPerSecond, 3)),
    ]
    if unit == "s" { fields.append(("x_realtime", rounded(itemsPerSecond, 1))) }
    if let peakMebibytes { fields.append(("peak_rss_mib", rounded(peakMebibytes, 1))) }
    return object(fields)
  }

  /// One line to read.
  public var text: String {
    let rate =
      unit == "s"
      ? "\(rounded(itemsPerSecond, 0)) times real time"
      : "\(rounded(itemsPerSecond, 1)) \(unit)/s"
    let memory = peakMebibytes.map { ", \(rounded($0, 0)) MiB at most" } ?? ""
    let count = threads == 1 ? "1 thread" : "\(threads) threads"
    return "\(workload), \(precision.rawValue), \(count): median \(rounded(timing.median, 2)) ms,"
      + " least \(rounded(timing.least, 2)) ms of \(timing.repetitions); \(rate)\(memory)"
  }
}
