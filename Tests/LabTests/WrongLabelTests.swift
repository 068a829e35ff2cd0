// Labels that were turned look wrong to a network that was trained with them.
import Autograd
import Datasets
import Foundation
import Lab
import Layers
import Testing

@Suite struct WrongLabelTests {
  /// Clips of which a tenth of the known labels is turned, and what B1 says of them: of those that
  /// it learned, and of as many others.
  private func judged(_ folder: URL) throws -> [JudgedClip] {
    func turned(_ seed: Int) -> ToneSplit {
      var split = Tones.split(.train, clips: 300, seed: seed)
      split.clips = LabelMask.flip(0.1, in: split.clips, seed: 4)
      return split
    }
    let (learned, others) = (turned(1), turned(2))
    let changes = ["training.epochs": "6", "training.batch": "32"]
    let plan = try Tones.plan(folder, changes, train: learned)
    let trainer = try Tones.trainer(plan)
    trainer.start()
    #expect(trainer.wait().reason == .done)
    let method = try plan.makeMethod(RandomSource(Generator(seed: 0)), 1)
    try method.model.restore(
      Checkpoint(reading: plan.folder.best).tensors.filter { !$0.key.contains("standardizer") })
    func clips(_ split: ToneSplit, _ origin: WrongLabel.Origin) -> [JudgedClip] {
      let batch = split.batch(Array(split.clips.indices))
      let scores = method.model(batch.input, .evaluation()).probabilities.values
      return split.clips.enumerated().map { n, clip in
        JudgedClip(clip, scores: Array(scores[n * 3..<n * 3 + 3]), origin)
      }
    }
    return clips(learned, .training) + clips(others, .outOfFold)
  }

  @Test func turnedLabelsAreListed() throws {
    try Samples.withFolder { folder in
      let clips = try judged(folder)
      let found = try WrongLabels(run: "b1-s0", classes: Tones.classes, clips)
      let total = found.checked.values.reduce(0, +)
      let turned = try #require(found.turned)
      #expect(Set(found.checked.keys) == [.training, .outOfFold])
      #expect((0.07...0.13).contains(Double(turned) / Double(total)), "chance")
      for origin in [WrongLabel.Origin.training, .outOfFold] {
        let listed = found.labels.filter { $0.origin == origin }
        let hits = listed.count { $0.isWrong == true }
        #expect(listed.count > 20, "\(origin)")
        #expect(Double(hits) > 0.6 * Double(listed.count), "\(origin): \(hits) of \(listed.count)")
      }
      #expect(zip(found.labels, found.labels.dropFirst()).allSatisfy { $0.margin <= $1.margin })
      #expect(found.notes.count == 3 && found.notes[1].contains("training labels"))
      let copy = try JSONDecoder().decode(WrongLabels.self, from: JSONEncoder().encode(found))
      #expect(copy == found)
    }
  }

  @Test func withoutTheTruthNothingIsSaidOfIt() throws {
    let clip = Clip(
      id: "a", audio: nil, split: .test, seconds: 1, labels: [1, nil, 0])
    let found = try WrongLabels(
      run: "r", classes: Tones.classes, [JudgedClip(clip, scores: [0.9, 0.5, 0.1], .test)])
    #expect(found.turned == nil && found.labels.isEmpty && found.checked == [.test: 2])
    #expect(found.notes == ["0 of 2 given labels look wrong to r"])
  }
}
