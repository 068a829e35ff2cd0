// What can be timed, and the lists of it.
import Autograd
import Formats

/// One benchmark: weights and inputs made once, a repetition timed often.
public protocol Workload: SendableMetatype {
  /// As on the command line and in the figures.
  static var id: String { get }
  /// What one repetition does, in a line.
  static var summary: String { get }
  static var precisions: [Precision] { get }
  /// What one repetition handles: 32 of "clips", 60 of "s".
  static var items: Int { get }
  static var unit: String { get }

  /// Makes everything that is not timed.
  init(_ precision: Precision) throws
  /// One repetition.
  func repetition() throws
}

extension Workload {
  public static var precisions: [Precision] { [.fp32] }
  public static var unit: String { "clips" }
}

/// What `scant bench train` knows: a step of training, or of using a frozen network.
public enum WorkloadCatalog: CatalogProtocol {
  public static let kind = "workload"
  public static let all: [any Workload.Type] = [
    CNNWorkload.self, UNetWorkload.self, HarmonicCNNWorkload.self, AttentionWorkload.self,
    ASTForwardWorkload.self, ASTReprogramWorkload.self, ASTSmallWorkload.self,
  ]

  public static func id(of entry: any Workload.Type) -> String { entry.id }
}
