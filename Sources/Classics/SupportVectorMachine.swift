// Support vector machines for several classes: one-against-rest or one-against-one.
import Autograd
import Foundation

/// Fitted machines over one set of support vectors. Source: Cortes & Vapnik 1995,
/// doi:10.1007/BF00994018. They are deterministic.
public struct SupportVectorMachine: ClassicModel, Equatable {
  public enum Scheme: String, Sendable, Codable, CaseIterable {
    /// One machine per class, fitted to the rows in which that class is observed.
    case oneVersusRest
    /// One machine per pair of classes, and a vote. Every row has exactly one class.
    case oneVersusOne
  }

  public struct Settings: Sendable, Equatable {
    /// nil for a radial kernel with gamma scaled to the rows, scikit-learn's default.
    public var kernel: Kernel?
    /// C, the bound of the multipliers.
    public var cost: Double
    public var scheme: Scheme
    /// The tolerance: the largest remaining violation of optimality.
    public var tolerance = 1e-3
    /// The maximum number of steps per machine.
    public var limit = 10_000_000
    /// The maximum size of the kernel cache in bytes.
    public var bytes = 512 << 20

    public init(
      kernel: Kernel? = nil, cost: Double = 1, scheme: Scheme = .oneVersusRest
    ) {
      (self.kernel, self.cost, self.scheme) = (kernel, cost, scheme)
    }
  }

  public let classes: Int
  public let kernel: Kernel
  public let scheme: Scheme
  /// The rows that any machine needs: the support vectors.
  public let support: Examples
  /// `[machines, support]`.
  public let coefficients: [Float]
  /// `[machines]`. One-against-rest: one per class. One-against-one: (0, 1), (0, 2), … (1, 2), …
  public let biases: [Float]

  package init(
    classes: Int, kernel: Kernel, scheme: Scheme, support: Examples, coefficients: [Float],
    biases: [Float]
  ) {
    (self.classes, self.kernel, self.scheme) = (classes, kernel, scheme)
    (self.support, self.coefficients, self.biases) = (support, coefficients, biases)
  }

  /// The decision values of the machines, `[rows, machines]`: above 0 for the class, or for the
  /// first of a pair.
  public func machineDecisions(_ examples: Examples) -> [Float] {
    var values = (0..<examples.rows).flatMap { _ in biases }
    guard support.rows > 0 else { return values }
    // In strips, so that the kernel values of many rows are not in memory at the same time.
    let strip = 4096
    for start in stride(from: 0, to: examples.rows, by: strip) {
      let rows = Array(start..<min(start + strip, examples.rows))
      let gram = Gram(kernel, examples.choosing(rows), support)
      values.withUnsafeMutableBufferPointer { out in
        if let base = out.baseAddress { add(gram, to: base + start * biases.count) }
      }
    }
    return values
  }

  /// Adds the sums of the machines over a strip of kernel values, `[rows, machines]`.
  private func add(_ gram: Gram, to base: UnsafeMutablePointer<Float>) {
    let slots = Slots(base: base)
    let (machines, height) = (biases.count, 128)
    ThreadPool.shared.parallel((gram.rows + height - 1) / height) { part in
      let first = part * height
      // In bounds: strips of rows of both, machines columns.
      BLAS.multiply(
        min(height, gram.rows - first), machines, support.rows,
        gram.values + first * support.rows, support.rows, coefficients, support.rows,
        transposeB: true, into: slots.base + first * machines, machines, beta: 1)
    }
  }

  /// A decision value per class, `[rows, classes]`. One-against-rest: that of the machine.
  /// One-against-one: the number of votes (0 … classes − 1), with ties broken by the sums of the
  /// decisions scaled to ±1/3, as in scikit-learn.
  public func decisionValues(_ examples: Examples) -> [Float] {
    let machines = machineDecisions(examples)
    guard scheme == .oneVersusOne else { return machines }
    return (0..<examples.rows).flatMap { row in
      votes(machines[row * biases.count..<(row + 1) * biases.count])
    }
  }

  private func votes(_ decisions: ArraySlice<Float>) -> [Float] {
    var counts = [Float](repeating: 0, count: classes)
    var sums = counts
    var rest = decisions
    for a in 0..<classes {
      for b in a + 1..<max(classes, a + 1) {
        let value = rest.removeFirst()
        counts[value > 0 ? a : b] += 1
        sums[a] += value
        sums[b] -= value
      }
    }
    return zip(counts, sums).map { $0 + $1 / (3 * (abs($1) + 1)) }
  }

  /// One-against-rest: 1 / (1 + exp(−2d)) of the decision value d, that is, 0.5 at the boundary and
  /// 0.12 and 0.88 at the margins. It is not a calibrated probability. One-against-one: the
  /// fraction of votes won.
  public func scores(_ examples: Examples) -> [Float] {
    let values = decisionValues(examples)
    if scheme == .oneVersusRest { return values.map { 1 / (1 + exp(-2 * $0)) } }
    let most = Float(max(classes - 1, 1)) + 2.0 / 3
    return values.map { min(max(($0 + 1.0 / 3) / most, 0), 1) }
  }
}
