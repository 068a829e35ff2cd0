// Runs that go wrong: they say so once, end as failed, and leave the last checkpoint as it was.
import Acoustics
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Methods
import Models
import Testing

@Suite struct TrainerFailureTests {
  @Test func nonFiniteLossIsAFault() throws {
    try Samples.withFolder { folder in
      let poisoned = Self.poisoned(Tones.split(.train, clips: 30))
      let recorder = Recorder()
      let plan = try Tones.plan(folder, train: poisoned)
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .failed)
      let faults = recorder.events.compactMap { event -> Fault? in
        if let fault = event.body as? Fault { fault } else { nil }
      }
      #expect(faults.count == 1)
      #expect(faults.first?.tensor == "input")
      #expect(faults.first?.code == "non-finite")
      #expect(plan.folder.state == .failed)
    }
  }

  @Test func faultNamesTheLastGoodCheckpoint() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let plan = try Tones.plan(folder) { random, _ in
        try Diverging(after: 5, model: Self.model(random))
      }
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .failed)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.fault?.tensor == "loss/cls")
      #expect(state.fault?.lastGoodCheckpoint == 4)
      #expect(state.lifecycle.state == .failed)
      #expect(
        try Checkpoint(reading: plan.folder.last).tensors.values.allSatisfy {
          $0.values.allSatisfy(\.isFinite)
        })
    }
  }

  /// Told before the optimizer makes weights of it that are no numbers.
  @Test(arguments: ["adam", "sgd"]) func nonFiniteGradientIsAFault(optimizer: String) throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let changes = ["training.optimizer": optimizer, "training.momentum": "0"]
      let plan = try Tones.plan(folder, changes) { random, _ in
        try Steep(model: Self.model(random))
      }
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .failed)
      let state = recorder.events.reduce(into: RunState()) { $0.apply($1) }
      #expect(
        state.fault?.message.hasSuffix("has no finite gradient; expected finite numbers") == true)
      #expect(state.fault?.tensor == "conv1.weight" && state.step == 0)
    }
  }

  @Test func aDeadTermIsFlagged() throws {
    try Samples.withFolder { folder in
      let recorder = Recorder()
      let plan = try Tones.plan(folder) { random, _ in try Dead(model: Self.model(random)) }
      let trainer = try Tones.trainer(plan, recorder)
      trainer.begin(stepping: 1, recorder)
      trainer.perform(.stop(.now))
      _ = trainer.wait()
      let terms = recorder.events.compactMap { event -> [TermReport]? in
        if let report = event.body as? Terms { report.terms } else { nil }
      }.first
      #expect(terms?.map(\.name) == ["cls", "cons"])
      #expect(terms?.map(\.flags) == [[], ["dead"]])
      #expect(terms?.map(\.contribution)[1] == 1.5)
      #expect((terms?[0].gradNorm ?? 0) > 0)
    }
  }

  @Test func failedCheckpointKeepsTheOldOne() throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder)
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.begin(stepping: 1, recorder)
      trainer.perform(.checkpoint)
      recorder.wait { $0.contains { $0.body is CheckpointSaved } }
      let before = try Data(contentsOf: plan.folder.last)
      // A folder that is gone refuses new files as a full disk does; the open log goes on.
      let away = folder.appendingPathExtension("away")
      try FileManager.default.moveItem(at: folder, to: away)
      trainer.perform(.resume)
      #expect(trainer.wait().reason == .failed)
      try FileManager.default.moveItem(at: away, to: folder)
      #expect(try Data(contentsOf: plan.folder.last) == before)
      let errors = recorder.events.compactMap { event -> LogLine? in
        if let line = event.body as? LogLine, line.level == .error { line } else { nil }
      }
      #expect(errors.count == 1)
      #expect(errors.first?.text.contains("last.safetensors") == true)
      #expect(plan.folder.state == .failed)
    }
  }

  /// The last clip has a value that is no number.
  private static func poisoned(_ clean: ToneSplit) -> ToneSplit {
    var split = clean
    split.inputs[split.inputs.count - 1][7] = .nan
    return split
  }

  static func model(_ random: RandomSource) throws -> any Classifier {
    try CNN.make(
      classes: Tones.classes.count, input: InputSize(bands: Tones.bands, frames: Tones.frames),
      settings: try Tones.recipe().modelSettings, random: random)
  }
}

/// Learns for some steps, then reports a loss that is no number.
private final class Diverging: LearningMethod {
  static let card = Card(id: "diverging", title: "", summary: "")
  let model: any Classifier
  private var left: Int

  init(after steps: Int, model: any Classifier) throws {
    left = steps
    self.model = model
  }

  required init(_ setup: MethodSetup) throws {
    left = 0
    model = try setup.makeModel()
  }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    left -= 1
    let value = model(batch.input, mode).binaryCrossEntropy(batch.targets, observed: batch.observed)
    let scaled = left < 0 ? value * Float.infinity : value
    return Loss([.init("cls", scaled, denominator: 1, entries: 1)])
  }
}

/// Has a loss of 0 whose gradient is infinite.
private final class Steep: LearningMethod {
  static let card = Card(id: "steep", title: "", summary: "")
  let model: any Classifier

  init(model: any Classifier) throws { self.model = model }
  required init(_ setup: MethodSetup) throws { model = try setup.makeModel() }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let weight = model.namedParameters[0].parameter
    let nothing = (mode.use(weight) - weight.value).sum()
    return Loss([.init("cls", nothing * 1e30 * 1e30, denominator: 1, entries: 1)])
  }
}

/// Has a term that no gradient comes from.
private final class Dead: LearningMethod {
  static let card = Card(id: "dead", title: "", summary: "")
  let model: any Classifier

  init(model: any Classifier) throws { self.model = model }
  required init(_ setup: MethodSetup) throws { model = try setup.makeModel() }

  func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let value = model(batch.input, mode).binaryCrossEntropy(batch.targets, observed: batch.observed)
    return Loss([
      .init("cls", value, denominator: 1, entries: 1),
      .init("cons", Tensor(0.5), weight: 3, denominator: 1, entries: 1),
    ])
  }
}

private typealias LearningMethod = Methods.Method
