// Runs that learn from pre-trained features: what they report, and that they score without them.
import Acoustics
import Autograd
import Datasets
import Foundation
import Lab
import Models
import Testing

@Suite struct InformedRunTests {
  private func finished<Result>(
    _ changes: [String: String], _ body: (TrainingPlan, [Event]) throws -> Result
  ) throws -> Result {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, changes)
      let trainer = try Tones.trainer(plan)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      return try body(plan, try EventLog.read(plan.folder.events).events)
    }
  }

  private func distances(_ events: [Event]) -> [Distances] {
    events.compactMap { if let body = $0.body as? Distances { body } else { nil } }
  }

  @Test(arguments: ["con-reg", "dis-reg"]) func distancesAreSentOncePerEpoch(id: String) throws {
    try finished(["method.id": id, "method.second": "openl3"]) { plan, events in
      let reports = distances(events)
      #expect(
        reports.map(\.extractor)
          == Array(repeating: ["vggish", "openl3"], count: 3).joined()
          .map { $0 })
      // 30 training clips, all of them.
      #expect(reports.allSatisfy { $0.clips == plan.train.clips.map(\.id) })
      for report in reports {
        #expect(report.ours.count == 900 && report.theirs.count == 900)
        #expect((0..<30).allSatisfy { abs(report.ours[31 * $0]) < 0.002 })
        let isShort = report.ours.allSatisfy { abs($0 * 1000 - ($0 * 1000).rounded()) < 1e-3 }
        #expect(
          isShort && report.theirs == reports.first { $0.extractor == report.extractor }?.theirs)
      }
      #expect(reports[0].ours != reports[4].ours, "the model learned nothing")
      let state = events.reduce(into: RunState()) { $0.apply($1) }
      #expect(state.distances["openl3"] == reports.last)
      let history = state.series["distances/openl3/correlation"]?.values ?? []
      #expect(history.count == 3 && history.last == reports.last.map { Float($0.correlation) })
      let term = id == "con-reg" ? "con-vggish" : "dis-vggish"
      #expect(state.series["loss/\(term)"]?.values.count == 12)
      #expect(state.series["grad/\(term)"]?.values.isEmpty == false)
      #expect(state.terms.first { $0.name == term }?.cosWithSupervised != nil)
    }
  }

  /// From cosine distances as from the rows themselves.
  @Test func correlationIsComputedOverRows() {
    var generator = Generator(seed: 4)
    func rows(_ width: Int) -> Tensor {
      Tensor((0..<12 * width).map { _ in Float(generator.normal()) }, [12, width]).l2Normalized()
    }
    let (ours, theirs) = (rows(5), rows(3))
    func distances(_ rows: Tensor) -> [Float] { rows.cosineSimilarity().values.map { 1 - $0 } }
    let report = Distances(json: [
      "extractor": "vggish", "clips": (0..<12).map(String.init), "ours": distances(ours),
      "theirs": distances(theirs),
    ])
    let expected = Double(ours.distanceCorrelation(theirs).item)
    #expect(abs(report.correlation - expected) < 1e-3)
    let gaps = zip(report.ours, report.theirs).map { Double(abs($0 - $1)) }
    #expect(abs(report.difference - gaps.reduce(0, +) / 144) < 1e-9)
    var same = report
    same.ours = same.theirs
    #expect(abs(same.correlation - 1) < 1e-9 && same.difference == 0)
    same.ours.removeLast()
    #expect(same.size == nil && same.correlation.isNaN && same.difference.isNaN)
  }

  @Test func probeClipsAreEvenlySpaced() throws {
    #expect(try finished(["method.id": "b1"]) { distances($1) }.isEmpty)
    try Samples.withFolder { folder in
      let train = Tones.split(.train, clips: 100, extractors: ["vggish"])
      let plan = try Tones.plan(
        folder, ["method.id": "con-reg", "training.epochs": "1"], train: train)
      let recorder = Recorder()
      let trainer = try Tones.trainer(plan, recorder)
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let report = try #require(distances(recorder.events).first)
      #expect(report.clips.count == Distances.most)
      #expect(report.clips == (0..<32).map { train.clips[$0 * 100 / 32].id })
    }
  }

  /// There are no weights of any "vggish" here, and nothing asks for them.
  @Test(arguments: ["con-reg", "dis-reg"]) func soundIsScoredWithoutTheExtractor(id: String) throws
  {
    try finished(["method.id": id]) { plan, _ in
      let samples = (0..<16_000).map { Float(0.3 * sin(0.2 * Double($0))) }
      let file = plan.folder.url.appendingPathComponent("tone.wav")
      try AudioFile.write(Waveform(samples: samples, sampleRate: 16_000), to: file)
      let predictor = try Predictor(plan.folder)
      #expect(try predictor.predict(file).pooled(.max).student.count == Tones.classes.count)
      let names = try Checkpoint(reading: plan.folder.best).tensors.keys
      #expect(!names.contains { $0.contains("guide") || $0.hasPrefix("method.") })
    }
  }

  @Test(.enabled(if: (try? ExtractorCatalog.open("openl3")) == nil, "OpenL3's weights are here"))
  func missingFeaturesAreReported() throws {
    try finished(["method.id": "concat", "method.extractor": "openl3"]) { plan, _ in
      let error = #expect(throws: (any Error).self) { try Predictor(plan.folder) }
      #expect(error.map { "\($0)" }?.contains("openl3") == true)
    }
  }
}
