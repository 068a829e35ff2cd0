import Foundation
/// Reports preparation (rendering, features); `false` cancels.
public typealias PreparationSink = @Sendable (Preparation) -> Bool
public final class Trainer: @unchecked Sendable {
  public func start() {}
  public func pause() {}
  public func resume() {}
  public func step(_ count: Int, _ unit: StepUnit) {}
  public func stop(_ mode: StopMode) {}
  public func checkpointNow() {}
  public func predict(clips: [String]) {}
  /// Blocks until the run has ended.
  public func wait() -> Bye { Bye(reason: .done, scores: [:], wall: 0) }
  init() {}
}
public final class RunExecutor: Sendable {
  public init() {}
  /// Opens data, computes features, builds the model; blocking. Resumes where there is a checkpoint.
  public func trainer(
    for recipe: Recipe, in folder: RunFolder, progress: PreparationSink? = nil,
    sink: @escaping @Sendable (Event) -> Void
  ) throws -> Trainer { Trainer() }
  /// Scores of a finished run on a split, by `student`/`teacher`.
  public func evaluate(_ folder: RunFolder, split: String, progress: PreparationSink? = nil) throws -> [String: EvalEnd] { [:] }
}
public final class Predictor {
  public struct Prediction: Sendable, Equatable { public var file: String; public var student: [Float]; public var teacher: [Float]? }
  public let classes: [String]
  public init(_ folder: RunFolder) throws { classes = [] }
  public func predict(_ file: URL) throws -> Prediction { Prediction(file: "", student: [], teacher: nil) }
}
public struct ResultsTable: Sendable, Equatable {
  public struct Cell: Sendable, Equatable { public var mean: Double; public var sd: Double?; public var values: [Double]; public var scored: Int; /** Against the first method; nil in its row. */ public var p: Double? }
  public struct Row: Sendable, Equatable { public var method: String; public var model: String; public var sweep: [String: String]; public var runs: Int; public var scores: [String: Cell]; public var teacher: [String: Cell]; public var trainableParameters: Int; public var trainingSeconds: Double }
  public var session: String
  public var rows: [Row]
  public init(_ session: Session) throws { self.session = ""; rows = [] }
  /// `metrics`: ids of the columns; the session's own when nil.
  public func text(metrics: [String]? = nil) -> String { "" }
  public func markdown(metrics: [String]? = nil) -> String { "" }
  public func csv(metrics: [String]? = nil) -> String { "" }
  public func json(metrics: [String]? = nil) throws -> Data { Data() }
}
public final class LabEngine: Engine {
  public let mailbox = Mailbox<Message>()
  /// `runs`: where runs of `start` go when there is no session.
  public init(session: Session? = nil, runs: URL) {}
  public func send(_ request: Request) {}
}
