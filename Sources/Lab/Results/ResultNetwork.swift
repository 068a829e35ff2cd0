// Which of a run's networks its scores are of: one answer for lists, curves, tables and tests.
import Methods

/// The network of a method that is its result, and the other one where it has two.
public enum ResultNetwork {
  private static let byMethod = Dictionary(
    MethodCatalog.all.map { ($0.card.id, $0.result) }, uniquingKeysWith: { first, _ in first })

  /// `student` or `teacher`, as the method says; the student of a method that is not known here.
  public static func of(_ method: String) -> String {
    (byMethod[method] ?? .student).rawValue
  }

  /// The teacher beside a student and the other way round.
  public static func other(than network: String) -> String {
    network == NetworkName.teacher.rawValue
      ? NetworkName.student.rawValue : NetworkName.teacher.rawValue
  }
}

/// Which network of each run is compared.
public enum NetworkChoice: Sendable, Equatable {
  /// What the method says is its result.
  case result
  /// The one beside it; of runs with one network, that one.
  case other

  public var flipped: NetworkChoice { self == .result ? .other : .result }
}

extension RunSummary {
  /// Test scores by metric of the chosen network.
  public func scores(of choice: NetworkChoice) -> [String: Double] {
    choice == .result || otherScores.isEmpty ? scores : otherScores
  }
}

extension RunRecord {
  /// Whether two networks were scored.
  public var hasPair: Bool { scoredNetworks.count > 1 }

  /// `student` or `teacher`.
  public func network(_ choice: NetworkChoice) -> String {
    let result = ResultNetwork.of(summary.method), other = ResultNetwork.other(than: result)
    return choice == .other && scoredNetworks.contains(other) ? other : result
  }

  /// Its test; nil where that network was not tested.
  public func test(of choice: NetworkChoice) -> EvalEnd? { test[network(choice)] }

  /// Its validation scores over time.
  public func curve(_ metric: String, of choice: NetworkChoice) -> [Point] {
    curves["validation/\(network(choice))/\(metric)"] ?? []
  }

  private var scoredNetworks: Set<String> {
    let curves = curves.keys.compactMap { name -> String? in
      let parts = name.split(separator: "/")
      return parts.count == 3 ? String(parts[1]) : nil
    }
    return Set(curves).union(test.keys)
  }
}
