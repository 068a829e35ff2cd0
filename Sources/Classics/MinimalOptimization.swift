// Sequential minimal optimization: solves the quadratic program of a support vector machine, two
// multipliers at a time.
import CKernels

/// Minimizes ½ αᵀQα − Σα with Q[s, t] = y[s] y[t] K[s, t], 0 <= α <= cost and Σ yα = 0.
/// Source: Platt 1998. The pair is selected with second-order information (Fan, Chen & Lin 2005,
/// JMLR 6:1889, WSS 2). As in LIBSVM, it stops when no pair violates optimality by more than
/// `tolerance`. There is no shrinking: a step over all rows is two vectorized loops.
struct MinimalOptimization {
  /// α·y of every row; 0 for rows that are not support vectors.
  private(set) var coefficients: [Double]
  /// The bias of the decision Σ coefficient · K + bias.
  private(set) var bias = 0.0
  private(set) var steps = 0
  /// Whether it stopped by tolerance; otherwise it reached the limit of steps.
  private(set) var hasConverged = false

  private let y: [Double]
  private let cost: Double
  private var alpha: [Double]
  /// Σ α y K − y, which the bias balances.
  private var f: [Double]
  /// 0 if yα may grow (`up`) or fall (`down`), otherwise infinite.
  private var up, down: [Double]

  /// `isPositive` for every row of `kernel`; both values must occur.
  init(
    _ kernel: KernelRows, isPositive: [Bool], cost: Double, tolerance: Double, limit: Int
  ) {
    y = isPositive.map { $0 ? 1 : -1 }
    self.cost = cost
    alpha = Array(repeating: 0, count: y.count)
    coefficients = alpha
    f = y.map { -$0 }
    up = isPositive.map { $0 ? 0 : .infinity }
    down = isPositive.map { $0 ? .infinity : 0 }
    var first = isPositive.firstIndex(of: true) ?? 0
    while steps < limit, let next = step(kernel, first, tolerance) {
      first = next
      steps += 1
    }
    bias = balance()
    coefficients = zip(alpha, y).map { $0 * $1 }
  }

  /// Optimizes the pair that begins with `i`. Returns the first row of the next pair; nil at the
  /// optimum.
  private mutating func step(_ kernel: KernelRows, _ i: Int, _ tolerance: Double) -> Int? {
    var largest = 0.0
    let j = kernel.with(i, i) { row, _ in
      scant_smo_partner(
        f, down, row, kernel.diagonal, f[i], Double(kernel.diagonal[i]), y.count, &largest)
    }
    guard j >= 0, largest - f[i] >= tolerance else {
      hasConverged = true
      return nil
    }
    return kernel.with(i, j) { ki, kj in
      let bend = Double(kernel.diagonal[i]) + Double(kernel.diagonal[j]) - 2 * Double(ki[j])
      // yα of i grows by as much as yα of j falls, within the bounds of both.
      let wish = (f[j] - f[i]) / max(bend, 1e-12)
      let room = y[i] > 0 ? cost - alpha[i] : alpha[i]
      let move = min(wish, room, y[j] > 0 ? alpha[j] : cost - alpha[j])
      shift(i, by: move)
      shift(j, by: -move)
      return scant_smo_move(&f, ki, move, kj, -move, up, y.count)
    }
  }

  private mutating func shift(_ row: Int, by change: Double) {
    alpha[row] = min(max(alpha[row] + y[row] * change, 0), cost)
    let (isLow, isHigh) = (alpha[row] <= 1e-12 * cost, alpha[row] >= cost * (1 - 1e-12))
    if isLow { alpha[row] = 0 }
    if isHigh { alpha[row] = cost }
    up[row] = (y[row] > 0 ? isHigh : isLow) ? .infinity : 0
    down[row] = (y[row] > 0 ? isLow : isHigh) ? .infinity : 0
  }

  /// The mean over multipliers strictly inside their bounds; without any, the middle of the
  /// feasible interval.
  private func balance() -> Double {
    let free = y.indices.filter { up[$0] == 0 && down[$0] == 0 }
    if !free.isEmpty { return -free.reduce(0) { $0 + f[$1] } / Double(free.count) }
    let low = y.indices.filter { up[$0] == 0 }.map { f[$0] }.min()
    let high = y.indices.filter { down[$0] == 0 }.map { f[$0] }.max()
    return -((low ?? high ?? 0) + (high ?? low ?? 0)) / 2
  }
}
