// Support vector machines on many rows.
import Autograd
import Classics

/// Twenty machines, one against the rest, radial with gamma scaled to the rows and C = 1: fitted on
/// 3000 rows of 90 features, then asked about the same rows.
public struct ClassicWorkload: Workload {
  public static let id = "classic"
  public static let summary = "20 support vector machines fitted on 3000 rows and asked about them"
  public static let items = 3000

  private let examples: Examples
  private let labels: ClassicLabels
  private let owners: [Int]

  public init(_ precision: Precision) throws {
    let rows = FixedData.svmClips()
    owners = rows.classOf
    examples = try Examples(rows.values, features: 90)
    labels = try ClassicLabels(classOf: owners, classes: 20)
  }

  public func repetition() throws { _ = try accuracy() }

  /// Share of the rows that it was fitted on and gets right.
  package func accuracy() throws -> Double {
    let machine = try SupportVectorMachine(fitting: examples, labels)
    let right = zip(machine.decisions(examples), owners).count { $0 == $1 }
    return Double(right) / Double(owners.count)
  }
}
