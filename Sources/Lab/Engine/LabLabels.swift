// The engine's answers about labels given by hand: the patch of the session that is open.
import Formats
import Foundation

/// What is asked about missing labels.
public enum LabelRequest: Sendable, Equatable {
  /// Answered by `.patch`, as are the next two.
  case read
  /// The time is the engine's to fill in.
  case answer(LabelAnswer)
  case takeBack(clip: String, className: String)
  /// Write what is worth asking as `to-label.csv` into the session's folder. Answered by `.notice`.
  case export([LabelQuestion])
}

/// A missing label worth asking about, as a line of a list for somebody to answer.
public struct LabelQuestion: Sendable, Equatable {
  public var clip: String
  public var className: String
  public var gain: Float
  public var teacher: Float?
  public var student: Float?

  public init(clip: String, className: String, gain: Float, teacher: Float?, student: Float?) {
    self.clip = clip
    self.className = className
    self.gain = gain
    self.teacher = teacher
    self.student = student
  }

  /// As in `to-label.csv`, three decimals.
  var line: String {
    func text(_ value: Float?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
    let fields = [clip, className, text(gain), text(teacher), text(student)]
    return fields.map(CSVText.quoted).joined(separator: ",")
  }
}

extension LabEngine {
  /// Where the session keeps what people say of its clips.
  private var patchFile: URL {
    state.withLock { $0.session }.appendingPathComponent(LabelPatch.fileName)
  }

  /// On the queue of lookups, one after the other: no answer is lost between reading and writing.
  func answer(_ request: LabelRequest) {
    do {
      switch request {
      case .read: break
      case .answer(var answer):
        answer.when = LabelAnswer.now
        try change { $0.record(answer) }
      case .takeBack(let clip, let className):
        try change { $0.takeBack(clip: clip, className: className) }
      case .export(let questions): return try export(questions)
      }
      mailbox.send(.patch(try storedPatch().answers, file: patchFile.path))
    } catch {
      mailbox.send(.trouble(reason(of: error)))
    }
  }

  /// A patch that cannot be read is left as it is.
  private func change(_ edit: (inout LabelPatch) -> Void) throws {
    var patch = try storedPatch()
    edit(&patch)
    try FileManager.default.createDirectory(
      at: patchFile.deletingLastPathComponent(), withIntermediateDirectories: true)
    try patch.write(to: patchFile)
  }

  private func storedPatch() throws -> LabelPatch {
    try StoredFile.exists(patchFile) ? try LabelPatch(reading: patchFile) : LabelPatch()
  }

  private func export(_ questions: [LabelQuestion]) throws {
    let file = patchFile.deletingLastPathComponent().appendingPathComponent("to-label.csv")
    let lines = ["clip,class,gain,teacher,student"] + questions.map(\.line)
    try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: file)
    mailbox.send(.notice("\(questions.count) questions written to \(file.path)"))
  }
}
