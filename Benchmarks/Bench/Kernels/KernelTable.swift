// The main kernels on the shapes of the workloads: where the time of a step goes, and why.
import Autograd

/// The result of `scant bench kernels`.
public struct KernelTable: Sendable {
  public struct Row: Sendable {
    public let kernel: String
    public let shape: String
    public let timing: Timing
    /// 10⁹ operations a second, for kernels that compute; else nil.
    public let gigaOperations: Double?
    /// 10⁹ bytes a second, for kernels that move; else nil.
    public let gigabytes: Double?
  }

  public let program: String
  public let threads: Int
  public let rows: [Row]

  /// Times the kernels of some families; `seconds` is for all families together, three repetitions
  /// of each kernel at least.
  public init(
    seconds: Double, threads: Int, program: String,
    families: [KernelFamily] = KernelFamily.allCases
  ) {
    ThreadPool.configure(threads: threads)
    (self.program, self.threads) = (program, threads)
    // One after the other: a family's inputs take memory only while it is timed.
    rows = families.flatMap { family in
      family.cases.map { Self.row($0, seconds: seconds / 40) }
    }
  }

  private static func row(_ item: KernelCase, seconds: Double) -> Row {
    let timing = Timing.measure(seconds: seconds, item.body)
    func rate(_ amount: Double) -> Double { amount / (timing.median / 1000) / 1e9 }
    switch item.work {
    case .operations(let count):
      return Row(
        kernel: item.kernel, shape: item.shape, timing: timing, gigaOperations: rate(count),
        gigabytes: nil)
    case .bytes(let count):
      return Row(
        kernel: item.kernel, shape: item.shape, timing: timing, gigaOperations: nil,
        gigabytes: rate(count))
    }
  }

  public static let header = ["kernel", "shape", "median ms", "least ms", "n", "GFLOP/s", "GB/s"]

  /// Cells as in `header`.
  public var cells: [[String]] {
    rows.map { row in
      [
        row.kernel, row.shape, rounded(row.timing.median, 3), rounded(row.timing.least, 3),
        "\(row.timing.repetitions)", row.gigaOperations.map { rounded($0, 1) } ?? "",
        row.gigabytes.map { rounded($0, 1) } ?? "",
      ]
    }
  }

  /// One JSON object without line breaks.
  public var json: String {
    let kernels = rows.map { row in
      object([
        ("kernel", quoted(row.kernel)), ("shape", quoted(row.shape)),
        ("median_ms", rounded(row.timing.median, 4)), ("min_ms", rounded(row.timing.least, 4)),
        ("n", "\(row.timing.repetitions)"),
        ("gflop_per_s", row.gigaOperations.map { rounded($0, 2) } ?? "null"),
        ("gb_per_s", row.gigabytes.map { rounded($0, 2) } ?? "null"),
      ])
    }
    return object([
      ("program", quoted(program)), ("workload", quoted("kernels")),
      ("precision", quoted(Precision.fp32.rawValue)), ("threads", "\(threads)"),
      ("kernels", array(kernels)),
    ])
  }
}
