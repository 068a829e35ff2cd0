// Fits support vector machines. They share one kernel matrix if it fits into memory.
import Autograd

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
