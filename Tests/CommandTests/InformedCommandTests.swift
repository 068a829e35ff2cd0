// Training with a real extractor's features, then scoring where its weights are gone.
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct InformedCommandTests {
  static let weights = SharedData.data("weights")
  static let isPresent = FileManager.default.fileExists(
    atPath: weights.appendingPathComponent("edgel3").path)

  private func train(_ scant: Program, _ method: String) throws -> Outcome {
    try scant.shell(
      "SCANT_WEIGHTS='\(Self.weights.path)' $SCANT train --dataset tones --method \(method)"
        + " --epochs 1 --set method.extractor=edgel3 --set model.width=4 --out \(method)")
  }

  @Test(.enabled(if: isPresent, "no weights of edgel3 in the shared data"))
  func extractorIsNeededForTrainingOnly() throws {
    let scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    let trained = try train(scant, "con-reg")
    #expect(trained.status == 0, "\(trained.err)")
    try FileManager.default.removeItem(at: scant.url("cache"))
    let scores = try scant("evaluate", "con-reg")
    #expect(scores.status == 0 && scores.out.contains("8 observed labels"), "\(scores.out)")
    #expect(try scant("predict", "con-reg", "tones/tone3.wav").status == 0)
    let events = try String(contentsOf: scant.url("con-reg/events.jsonl"), encoding: .utf8)
    #expect(events.contains(#""event":"distances""#) && events.contains(#""extractor":"edgel3""#))
  }

  @Test(.enabled(if: isPresent, "no weights of edgel3 in the shared data"))
  func baselinesScoreSoundsThroughTheExtractor() throws {
    let scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    for method in ["transfer", "concat"] {
      let trained = try train(scant, method)
      #expect(trained.status == 0, "\(trained.err)")
      let line = "$SCANT predict \(method) tones/tone23.wav --json"
      let found = try scant.shell("SCANT_WEIGHTS='\(Self.weights.path)' \(line)")
      #expect(found.status == 0, "\(found.err)")
      let missing = try scant.shell(line)
      #expect(missing.status == 1 && missing.errorLines.count == 1, "\(missing.err)")
      #expect(missing.err.contains("no weights for 'edgel3'; expected in "))
    }
  }

  @Test func missingWeightsAreReportedBeforeComputation() throws {
    let scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant("train", "--dataset", "tones", "--method", "con-reg")
    #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.err)")
    #expect(outcome.err.contains("no weights for 'vggish'; expected in "))
    #expect(!FileManager.default.fileExists(atPath: scant.url("cache/scant/features").path))
  }
}
