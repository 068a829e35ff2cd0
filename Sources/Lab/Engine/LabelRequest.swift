// Requests about the label patch that a session's folder keeps.
import Formats
import Foundation

public enum LabelRequest: Sendable, Equatable {
  /// Answered by `.patch`, as are the next two.
  case read
  /// The engine fills in the time.
  case answer(LabelAnswer)
  case takeBack(clip: String, className: String)
  /// What tags say of missing labels, if a mapping is confirmed. Answered by `.guesses`, else by
  /// nothing.
  case guess
  /// Write the suggested labels as `to-label.csv` into the session's folder. Answered by `.notice`.
  case export([LabelQuestion])
}

extension LabelRequest {
  /// Carries the request out in a session's folder. The caller does one after the other, so that
  /// no answer is lost between reading and writing. A patch that cannot be read is left as it is.
  func answer(in session: URL) throws -> Message {
    let file = session.appendingPathComponent(LabelPatch.fileName)
    if case .export(let questions) = self {
      let list = session.appendingPathComponent("to-label.csv")
      let lines = ["clip,class,gain,teacher,student"] + questions.map(\.line)
      try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: list)
      return .notice("\(questions.count) questions written to \(list.path)")
    }
    var patch = try StoredFile.exists(file) ? try LabelPatch(reading: file) : LabelPatch()
    switch self {
    case .read, .export, .guess: return .patch(patch.answers, file: file.path)
    case .answer(var answer):
      answer.when = LabelAnswer.now
      patch.record(answer)
    case .takeBack(let clip, let className): patch.takeBack(clip: clip, className: className)
    }
    try FileManager.default.createDirectory(at: session, withIntermediateDirectories: true)
    try patch.write(to: file)
    return .patch(patch.answers, file: file.path)
  }
}

/// A missing label that is suggested for labelling, as a line of a list.
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
  fileprivate var line: String {
    func text(_ value: Float?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }
    let fields = [clip, className, text(gain), text(teacher), text(student)]
    return fields.map(CSVText.quoted).joined(separator: ",")
  }
}
