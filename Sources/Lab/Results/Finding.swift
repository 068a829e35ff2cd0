// What the runs of a session say about a claim.
import Formats
import Foundation
import Metrics

/// The answer to a claim: an effect with its interval, from a number of seeds.
public struct Finding: Sendable, Equatable, Codable {
  public enum Standing: String, Sendable, Codable {
    /// The interval lies above 0.
    case shown
    /// The interval contains 0.
    case notShown = "not shown"
    /// The interval lies below 0.
    case reversed
    /// Fewer than two seeds of both rows are finished.
    case open
  }

  public var claim: String
  public var says: String
  public var metric: String
  public var row: String
  public var reference: String
  /// The metric of the reference; nil for the same.
  public var referenceMetric: String?
  /// Where in the sweep, as in `Claim`.
  public var at: [String: String]
  public var than: [String: String]?
  public var standing: Standing
  /// The mean score of the row minus that of the reference; with a second point, minus the same
  /// difference there.
  public var effect: Double?
  /// Ends of the 95 % interval of the effect over seeds and classes.
  public var low: Double?
  public var high: Double?
  /// The smallest effect that the runs would have shown with a probability of 0.8.
  public var detectable: Double?
  /// Seeds (and folds) that pair.
  public var seeds: Int
}

extension Finding {
  init(_ claim: Claim, _ results: [RunResult]) {
    let test = Self.test(claim, results)
    self.init(
      claim: claim.id, says: claim.says, metric: claim.metric, row: claim.row,
      reference: claim.reference, referenceMetric: claim.referenceMetric, at: claim.at,
      than: claim.than, standing: .open, effect: nil,
      low: nil, high: nil,
      detectable: nil, seeds: test?.seeds ?? 0)
    guard let test, test.seeds > 1 else { return }
    let interval = test.interval()
    (effect, low, high) = (test.mean, interval.low, interval.high)
    detectable = test.detectable()
    standing = interval.low > 0 ? .shown : interval.high < 0 ? .reversed : .notShown
  }

  /// Whether the finding answers the claim as it stands now.
  func isAbout(_ claim: Claim) -> Bool {
    self.claim == claim.id && metric == claim.metric && row == claim.row
      && reference == claim.reference && referenceMetric == claim.referenceMetric && at == claim.at
      && than == claim.than
  }

  private static func test(_ claim: Claim, _ results: [RunResult]) -> CrossedTest? {
    let here = differences(claim, at: claim.at, results)
    guard let than = claim.than else { return CrossedTest(here.map(\.values)) }
    let there = differences(claim, at: than, results)
    return CrossedTest(
      here.compactMap { mine in
        guard let other = there.first(where: { $0.isPaired(with: mine) }) else { return nil }
        return zip(mine.values, other.values).map { a, b in
          guard let a, let b else { return nil }
          return a - b
        }
      })
  }

  private static func differences(
    _ claim: Claim, at point: [String: String], _ results: [RunResult]
  ) -> [PairedDifferences] {
    func group(_ row: String) -> [RunResult] {
      results.filter {
        ($0.variant ?? $0.method) == row && SweepPoint.equal($0.sweep, point)
      }
    }
    let (mine, theirs) = (group(claim.row), group(claim.reference))
    return PairedDifferences.all(
      claim.metric, minus: claim.referenceMetric, mine, theirs,
      network: ResultNetwork.of(mine.first?.method ?? ""),
      against: ResultNetwork.of(theirs.first?.method ?? ""))
  }

  /// The finding in a sentence: the standing, the effect, its interval, and what could have been
  /// seen.
  public var sentence: String {
    guard let effect, let low, let high, let detectable else {
      return "Not run: \(row) and \(reference) need at least two finished seeds each."
    }
    let numbers =
      "\(Self.signed(effect)), 95 % \(Self.signed(low)) to \(Self.signed(high)), \(seeds) seeds "
      + "(\(difference))"
    switch standing {
    case .shown: return "Shown: \(numbers)."
    case .reversed: return "Reversed: \(numbers)."
    case .notShown, .open:
      return "Not shown: \(numbers); an effect of "
        + String(format: "%.3f", detectable) + " would have been seen 8 times in 10."
    }
  }

  /// What was subtracted from what.
  private var difference: String {
    guard let referenceMetric else { return "\(metric), \(row) less \(reference)" }
    return "\(metric) of \(row) less \(referenceMetric) of \(reference)"
  }

  private var metrics: String { referenceMetric.map { "\(metric) − \($0)" } ?? metric }

  /// A row of a Markdown table: claim, standing, effect with interval, seeds, smallest effect.
  public var markdown: String {
    guard let effect, let low, let high, let detectable else {
      return "| \(says) `\(claim)` | not run | | | |"
    }
    let numbers = "\(Self.signed(effect)) (\(Self.signed(low)) to \(Self.signed(high)))"
    return "| \(says) `\(claim)` | \(standing.rawValue) | \(metrics) \(numbers) | \(seeds) | "
      + String(format: "%.3f", detectable) + " |"
  }

  /// `+0.052`, `−0.010`
  private static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + String(format: "%.3f", abs(value))
  }
}

extension Session {
  /// The table of finished runs that is kept beside the session: what `scant table --format json`
  /// printed when they ended.
  private var keptTable: URL { folder.appendingPathComponent("table.json") }

  /// What the finished runs say about each claim. Where too few are finished, the kept table
  /// answers.
  public func findings() throws -> [Finding] {
    guard !claims.isEmpty else { return [] }
    let results = try runs.compactMap { try RunResult(runFolder($0), $0) }
    return zip(claims.map { Finding($0, results) }, try keptFindings()).map { own, kept in
      own.standing == .open ? kept : own
    }
  }

  /// What the kept table says about each claim; open where it says nothing.
  func keptFindings() throws -> [Finding] {
    struct Table: Decodable { let findings: [Finding]? }
    var kept: [Finding] = []
    if let text = try StoredFile.text(keptTable) {
      do { kept = try JSONDecoder().decode(Table.self, from: Data(text.utf8)).findings ?? [] } catch
      {
        throw Problem(
          keptTable.path, "no table of results; expected what 'scant table --format json' prints")
      }
    }
    return claims.map { claim in
      kept.first { $0.isAbout(claim) } ?? Finding(claim, [])
    }
  }
}
