import Foundation
/// Reports preparation (rendering, features); `false` cancels.
public typealias PreparationSink = @Sendable (Preparation) -> Bool
public final class RunExecutor: Sendable {
  public init() {}
  /// Opens data, computes features, builds the model; blocking. Resumes where there is a checkpoint.
  public func trainer(
    for recipe: Recipe, in folder: RunFolder, progress: PreparationSink? = nil,
    sink: @escaping @Sendable (Event) -> Void
  ) throws -> Trainer { throw LabError("") }
  /// Scores of a finished run on a split, by `student`/`teacher`.
  public func evaluate(_ folder: RunFolder, split: String, progress: PreparationSink? = nil) throws -> [String: EvalEnd] { [:] }
}
public final class Predictor {
  public struct Prediction: Sendable, Equatable { public var file: String; public var student: [Float]; public var teacher: [Float]? }
  public let classes: [String]
  public init(_ folder: RunFolder) throws { classes = [] }
  public func predict(_ file: URL) throws -> Prediction { Prediction(file: "", student: [], teacher: nil) }
}
public final class LabEngine: Engine {
  public let mailbox = Mailbox<Message>()
  /// `runs`: where runs of `start` go when there is no session.
  public init(session: Session? = nil, runs: URL) {}
  public func send(_ request: Request) {}
}
