// What a session asks: a claim of the literature, and the comparison that can show it.
import Metrics
import Yams

/// A statement about two rows of a session's table that its runs support or not.
///
/// `session.yaml`: `claims: [{ id, says, row, against, metric, at, than }]`.
public struct Claim: Sendable, Equatable {
  public var id: String
  /// The claim in one sentence.
  public var says: String
  /// The row that is said to score higher: a method's id or the name of a variant.
  public var row: String
  /// The row that it is compared with.
  public var reference: String
  /// A metric's id.
  public var metric: String
  /// The metric of the reference; nil for the same.
  public var referenceMetric: String?
  /// Swept keys and their values as text; a key that is absent is not swept.
  public var at: [String: String]
  /// If given, the claim is that the difference at `at` exceeds the one here.
  public var than: [String: String]?

  /// The points of the sweep that the claim looks at.
  var points: [[String: String]] { [at] + (than.map { [$0] } ?? []) }
}

extension Claim {
  private static let keys = [
    "id", "says", "row", "against", "metric", "againstMetric", "at", "than",
  ]

  /// The claims of a session. Throws `RecipeError` with file and line.
  ///
  /// - Parameters:
  ///   - node: The list below `claims`.
  ///   - columns: Metric ids of the table; the first is a claim's metric if it names none.
  ///   - runs: The session's runs: rows and swept values that a claim may name.
  static func all(
    _ node: Node, _ document: YAMLDocument, columns: [String], runs: [Session.Run]
  ) throws -> [Claim] {
    guard let items = node.sequence else {
      throw document.error(node, "claims", "is not a list; expected - { id, says, row, against }")
    }
    var seen: Set<String> = []
    return try items.map { item in
      let claim = try Claim(item, document, columns: columns)
      guard seen.insert(claim.id).inserted else {
        throw document.error(item, "claims", "two claims are called \(claim.id); expected one")
      }
      try claim.check(against: runs, item, document)
      return claim
    }
  }

  private init(_ node: Node, _ document: YAMLDocument, columns: [String]) throws {
    var texts: [String: String] = [:]
    var points: [String: [String: String]] = [:]
    let expected = "{ id, says, row, against }"
    for (name, key, value) in try document.pairs(node, "claims", expected: expected) {
      switch name {
      case "at", "than":
        points[name] = try Self.point(value, document, "claims.\(name)")
      case _ where Self.keys.contains(name):
        texts[name] = try document.scalar(value, "claims.\(name)")
      default: throw document.unknown(name, key, below: "claims", among: Self.keys)
      }
    }
    func text(_ key: String) throws -> String {
      guard let text = texts[key], !text.isEmpty else {
        throw document.error(node, "claims", "a claim lacks '\(key)'; expected \(expected)")
      }
      return text
    }
    let metric = texts["metric"] ?? columns.first ?? Metric.f1MacroBoth.rawValue
    let known = Metric.allCases.map(\.rawValue) + AfterTraining.ids
    for metric in [metric, texts["againstMetric"] ?? metric] where !known.contains(metric) {
      throw document.error(
        node, "claims.metric", "'\(metric)': " + RecipeError.unknown("metric", metric, among: known)
      )
    }
    self.init(
      id: try text("id"), says: try text("says"), row: try text("row"),
      reference: try text("against"), metric: metric, referenceMetric: texts["againstMetric"],
      at: points["at"] ?? [:],
      than: points["than"])
  }

  private static func point(
    _ node: Node, _ document: YAMLDocument, _ key: String
  ) throws -> [String: String] {
    var point: [String: String] = [:]
    for (name, _, value) in try document.pairs(node, key, expected: "{ key: value }") {
      point[name] = try document.scalar(value, "\(key).\(name)")
    }
    return point
  }

  /// A claim about rows that the session does not train could never be answered.
  private func check(against runs: [Session.Run], _ node: Node, _ document: YAMLDocument) throws {
    for row in [self.row, reference] {
      for point in points where !runs.contains(where: { $0.isPart(of: row, at: point) }) {
        let place = point.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", ")
        throw document.error(
          node, "claims",
          "\(id): no run of '\(row)'\(place.isEmpty ? "" : " at \(place)"); "
            + "expected a row of the session and swept values")
      }
    }
  }
}

extension Session.Run {
  /// Whether the run belongs to a row of the table at a point of the sweep.
  func isPart(of row: String, at point: [String: String]) -> Bool {
    (variant ?? recipe.method) == row && SweepPoint.equal(sweep, point)
  }
}

/// Values of swept keys.
enum SweepPoint {
  /// Whether two points are the same, 0.10 and 0.1 being one number.
  static func equal(_ a: [String: String], _ b: [String: String]) -> Bool {
    guard a.count == b.count else { return false }
    return a.allSatisfy { key, text in b[key].map { RecipeField.equal(text, $0) } ?? false }
  }
}

extension Session {
  /// The session with one claim, and the runs alone that it looks at.
  public func runs(for claim: Claim) -> Session {
    var session = self
    session.claims = [claim]
    session.runs.removeAll { run in
      !claim.points.contains { point in
        run.isPart(of: claim.row, at: point) || run.isPart(of: claim.reference, at: point)
      }
    }
    return session
  }
}
