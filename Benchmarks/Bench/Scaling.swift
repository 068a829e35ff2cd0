// How the time of a step grows with what it is given: in proportion, but for attention.
import Autograd
import Models

/// The result of `scant bench scaling`.
public struct ScalingTable: Sendable {
  public struct Row: Sendable {
    public let network: String
    /// What grows: "batch" or "frames".
    public let axis: String
    public let size: Int
    public let timing: Timing
    /// Median time over size, relative to the smallest size of the same growth.
    public let relativeCost: Double
  }

  public let rows: [Row]

  /// Times every size for `seconds` divided by their number, three repetitions at least.
  public init(seconds: Double, threads: Int) {
    ThreadPool.configure(threads: threads)
    let share = seconds / Double(Growth.all.map(\.sizes.count).reduce(0, +))
    rows = Growth.all.flatMap { growth in
      let timings = growth.sizes.map { size in
        let step = growth.step(size)
        return Timing.measure(seconds: share) { step() }
      }
      let first = (timings.first?.median ?? 1) / Double(growth.sizes.first ?? 1)
      return zip(growth.sizes, timings).map { size, timing in
        Row(
          network: growth.network, axis: growth.axis, size: size, timing: timing,
          relativeCost: timing.median / Double(size) / first)
      }
    }
  }

  public static let header = ["network", "axis", "size", "median ms", "n", "relative cost"]

  /// Cells as in `header`.
  public var cells: [[String]] {
    rows.map { row in
      [
        row.network, row.axis, "\(row.size)", rounded(row.timing.median, 2),
        "\(row.timing.repetitions)", rounded(row.relativeCost, 3),
      ]
    }
  }

  /// One JSON object without line breaks.
  public var json: String {
    let items = rows.map { row in
      object([
        ("network", quoted(row.network)), ("axis", quoted(row.axis)), ("size", "\(row.size)"),
        ("median_ms", rounded(row.timing.median, 4)),
        ("relative_cost", rounded(row.relativeCost, 4)),
      ])
    }
    return object([("workload", quoted("scaling")), ("rows", array(items))])
  }
}

/// A network given more and more along one axis.
private struct Growth {
  let network: String
  let axis: String
  let sizes: [Int]
  /// A training step at this size.
  let step: (Int) -> TrainingStep

  static var all: [Growth] {
    [
      Growth(network: "cnn", axis: "batch", sizes: [8, 16, 32, 64]) { cnn(batch: $0, frames: 320) },
      Growth(network: "cnn", axis: "frames", sizes: [160, 320, 640, 1280]) {
        cnn(batch: 8, frames: $0)
      },
      Growth(network: "ast-small", axis: "batch", sizes: [2, 4, 8]) {
        transformer(batch: $0, frames: 398)
      },
      Growth(network: "ast-small", axis: "frames", sizes: [206, 406, 806, 1606]) {
        transformer(batch: 2, frames: $0)
      },
    ]
  }

  private static func cnn(batch: Int, frames: Int) -> TrainingStep {
    TrainingStep(
      CNNWorkload.network(), .fixedNormal(1, [batch, 1, 96, frames]), logits(batch),
      learningRate: 1e-3, precision: .fp32)
  }

  private static func transformer(batch: Int, frames: Int) -> TrainingStep {
    let model = AudioSpectrogramTransformer(
      classes: 20, width: 192, heads: 3, depth: 4, frames: frames, random: TrainingStep.random(1))
    return TrainingStep(
      Network(model), .fixedNormal(1, [batch, frames, 128]), logits(batch), learningRate: 1e-3,
      precision: .fp32)
  }

  private static func logits(_ batch: Int) -> Objective {
    let (targets, observed) = Objective.targets(batch, 20, observed: 0.3)
    return .logits(targets: targets, observed: observed)
  }
}
