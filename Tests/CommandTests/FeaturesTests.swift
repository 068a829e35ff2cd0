/// `scant features` and `scant embed` from outside.
import Foundation
import Testing

@Suite(.serialized) struct FeaturesTests {
  let scant: Program
  let data: ToneFolder

  init() throws {
    scant = try Program()
    data = try ToneFolder(scant.url("tones"))
  }

  @Test func cacheIsFilledOnce() throws {
    let first = try scant("features", "tones", "--front-end", "mfcc")
    #expect(first.status == 0, "\(first.err)")
    #expect(first.out == "24 computed, 0 in the cache before\n")
    let second = try scant("features", "tones", "--front-end", "mfcc")
    #expect(second.out == "0 computed, 24 in the cache before\n")
  }

  @Test func trainingUsesComputedFeatures() throws {
    #expect(try scant("features", "tones", "--front-end", "band").status == 0)
    let folder = scant.url("cache/scant/features")
    let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    let trained = try scant(
      "train", "--dataset", "tones", "--epochs", "1", "--out", "out", "--set",
      "model.width=4")
    #expect(trained.status == 0, "\(trained.err)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test func unreadableSoundsAreSkipped() throws {
    try Data("no sound at all".utf8).write(to: data.url.appendingPathComponent("tone3.wav"))
    let outcome = try scant("features", "tones", "--front-end", "ast-raw")
    #expect(outcome.status == 0 && outcome.out == "23 computed, 0 in the cache before\n")
    #expect(outcome.complaints.count == 1 && outcome.err.contains("tone3.wav"))
  }

  @Test func invalidArgumentsAreUsageErrors() throws {
    for arguments in [
      ["features", "tones"], ["features", "tones", "--front-end", "mel"],
      ["features", "tones", "--front-end", "band", "--extractor", "vggish"],
      ["features", "tones", "--front-end", "band", "--layer", "raw"],
      ["features", "tones", "--extractor", "wav2vec"],
      ["embed", "wav2vec", "a.wav", "--out", "x.npy"],
      ["embed", "vggish", "a.wav", "--out", "x.npy", "--layer", "tags"],
      ["embed", "vggish", "a.wav", "--out", "x.wav"], ["embed", "vggish", "a.wav"],
    ] {
      let outcome = try scant.finish(scant.start(arguments))
      #expect(outcome.status == 64, "\(arguments): \(outcome.err)")
      #expect(outcome.complaints.count == 1, "\(outcome.err)")
    }
  }

  @Test func missingWeightsAreAOneLineError() throws {
    for arguments in [
      ["embed", "vggish", "tones/tone1.wav", "--out", "x.npy"],
      ["features", "tones", "--extractor", "openl3", "--weights", "tones"],
    ] {
      let outcome = try scant.finish(scant.start(arguments))
      #expect(outcome.status == 1 && outcome.errorLines.count == 1, "\(outcome.err)")
      #expect(outcome.err.contains("; expected") && outcome.err.contains(" of "))
    }
  }
}
