// Fits support vector machines. They share one kernel matrix if it fits into memory.
import Autograd
import CKernels

extension SupportVectorMachine {
  /// Throws if there are no rows, or, for one-against-one, if a row does not have exactly one
  /// class.
  public init(
    fitting examples: Examples, _ labels: ClassicLabels, _ settings: Settings = Settings()
  ) throws(ClassicError) {
    try checkFit(examples, labels)
    guard settings.cost > 0, settings.cost.isFinite, settings.tolerance > 0 else {
      throw ClassicError("cost \(settings.cost); expected a finite number above 0")
    }
    let kernel = settings.kernel ?? .rbf(scaledTo: examples)
    let problems = try Self.problems(labels, settings.scheme)
    let isWhole = examples.rows * examples.rows * 4 <= settings.bytes
    let gram = isWhole ? Gram(kernel, examples, examples) : nil
    let share = settings.bytes / max(1, min(ThreadPool.shared.threads, problems.count))
    let machines = parallelMap(problems.count) { index in
      problems[index].solve(examples, kernel, gram, settings, bytes: share)
    }
    self.init(machines, examples, kernel, labels.classes, settings.scheme)
  }

  private static func problems(
    _ labels: ClassicLabels, _ scheme: Scheme
  ) throws(ClassicError) -> [MachineProblem] {
    switch scheme {
    case .oneVersusRest:
      return (0..<labels.classes).map { own in
        let rows = labels.observed(own)
        return MachineProblem(rows: rows, isPositive: rows.map { labels[$0, own] == true })
      }
    case .oneVersusOne:
      guard let owner = labels.classOfRows else {
        throw ClassicError("a row with no or several classes; expected exactly one")
      }
      return (0..<labels.classes).flatMap { a in
        (a + 1..<max(labels.classes, a + 1)).map { b in
          let rows = owner.indices.filter { owner[$0] == a || owner[$0] == b }
          return MachineProblem(rows: rows, isPositive: rows.map { owner[$0] == a })
        }
      }
    }
  }

  private init(
    _ machines: [Machine], _ examples: Examples, _ kernel: Kernel, _ classes: Int,
    _ scheme: Scheme
  ) {
    var place: [Int: Int] = [:]
    let used = Set(machines.flatMap { $0.coefficients.map(\.row) }).sorted()
    for (index, row) in used.enumerated() { place[row] = index }
    var table = [Float](repeating: 0, count: machines.count * used.count)
    for (index, machine) in machines.enumerated() {
      for (row, value) in machine.coefficients {
        table[index * used.count + (place[row] ?? 0)] = Float(value)
      }
    }
    self.init(
      classes: classes, kernel: kernel, scheme: scheme, support: examples.choosing(used),
      coefficients: table, biases: machines.map { Float($0.bias) })
  }
}

/// A fitted machine: its non-zero coefficients by row.
private struct Machine: Sendable {
  var coefficients: [(row: Int, value: Double)] = []
  var bias: Double
}

/// The training rows of a machine, and which of them are positive.
private struct MachineProblem: Sendable {
  let rows: [Int]
  let isPositive: [Bool]

  /// With rows of one class only, the decision is constant: ±1, and −1 without any row.
  func solve(
    _ examples: Examples, _ kernel: Kernel, _ gram: Gram?,
    _ settings: SupportVectorMachine.Settings, bytes: Int
  ) -> Machine {
    guard isPositive.contains(true), isPositive.contains(false) else {
      return Machine(bias: isPositive.first == true ? 1 : -1)
    }
    let isAll = rows.count == examples.rows
    let own = isAll ? examples : examples.choosing(rows)
    let part = gram.map { isAll ? $0 : Gram($0, among: rows) }
    let solution = MinimalOptimization(
      KernelRows(kernel, own, whole: part, bytes: bytes), isPositive: isPositive,
      cost: settings.cost, tolerance: settings.tolerance, limit: settings.limit)
    let found = solution.coefficients.enumerated().filter { $0.element != 0 }
    return Machine(
      coefficients: found.map { (rows[$0.offset], $0.element) }, bias: solution.bias)
  }
}

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
