// What a model says of each class as a clip goes by, where it says that.
import Autograd
import Datasets
import Formats
import Foundation
import Layers

/// Classes by time for one clip.
public struct ClipActivations: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// What each frame adds to the clip's probability; they sum up to it.
    case contributions
    /// The probability within each piece of the clip; their mean is the clip's.
    case pieces
  }

  public var clip: String
  /// `student` or `teacher`.
  public var model: String
  public var kind: Kind
  /// T.
  public var frames: Int
  /// [C, T], row-major; empty where the model gives one answer a clip only.
  public var values: [Float]

  public init(clip: String, model: String, kind: Kind, frames: Int, values: [Float]) {
    self.clip = clip
    self.model = model
    self.kind = kind
    self.frames = frames
    self.values = values
  }

  /// Of a model that gives one answer a clip.
  static func none(_ clip: String) -> ClipActivations {
    ClipActivations(clip: clip, model: "student", kind: .pieces, frames: 0, values: [])
  }
}

extension SplitData {
  /// Of the clip with this index; nil where the classifier gives one answer a clip.
  func activations(
    of classifier: any Classifier, named model: String, at index: Int
  ) -> ClipActivations? {
    let rows: [[Float]], kind: ClipActivations.Kind
    if segments > 1 {
      kind = .pieces
      rows = (0..<segments).map {
        classifier(view([index], segment: $0), .evaluation()).probabilities.values
      }
    } else if let timed = classifier as? any TimedClassifier {
      kind = .contributions
      let answer = timed.contributions(view([index], segment: 0))  // [1, T, C]
      let (values, width) = (answer.values, answer.shape[2])
      rows = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    } else {
      return nil
    }
    let classes = rows.first?.count ?? 0
    let values = (0..<classes).flatMap { c in rows.map { $0[c] } }
    return ClipActivations(
      clip: clips[index].id, model: model, kind: kind, frames: rows.count, values: values)
  }
}

extension Trainer {
  /// Answered on the trainer's queue; nil where the clip is not of this run.
  func activations(clip: String, answer: @escaping @Sendable (ClipActivations?) -> Void) {
    queue.async {
      for data in [self.plan.train, self.plan.validation, self.plan.test] {
        guard let index = data.clips.firstIndex(where: { $0.id == clip }),
          let model = self.learner?.method.model
        else { continue }
        return answer(
          data.activations(of: model, named: "student", at: index) ?? .none(clip))
      }
      answer(nil)
    }
  }
}

extension LabEngine {
  /// Of the model at work; else of that of `finished`.
  func activations(_ clip: String) {
    if let trainer = ownTrainer {
      return trainer.activations(clip: clip) { [mailbox] found in
        if let found { mailbox.send(.activations(found)) }
      }
    }
    lookups.async {
      do {
        let (_, model, loader) = try self.finished([clip])
        guard loader.count > 0 else { return }
        let found = loader.activations(of: model.student, named: "student", at: 0)
        self.mailbox.send(.activations(found ?? .none(clip)))
      } catch {
        self.mailbox.send(.problem(reason(of: error)))
      }
    }
  }
}

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
      mailbox.send(.problem(reason(of: error)))
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
