/// `scant pretrain`, and runs on the networks that it made, from outside.
import Foundation
import Testing

@Suite(.serialized) struct PretrainedTests {
  let scant: Program
  init() throws { scant = try Program() }

  @Test(arguments: [
    ["pretrain"], ["pretrain", "band"], ["pretrain", "band-net", "--out", "x.npy"],
    ["pretrain", "band-net", "--epochs", "0"], ["pretrain", "band-net", "--notes", "-1"],
    ["pretrain", "band-net", "--seed", "-1"], ["pretrain", "self"],
    ["pretrain", "self", "--out", "w.safetensors", "--model", "attention"],
    ["pretrain", "self", "--out", "x.npy"], ["pretrain", "self", "--notes", "3"],
  ])
  func invalidArgumentsAreUsageErrors(_ arguments: [String]) throws {
    let outcome = try scant.finish(scant.start(arguments))
    #expect(outcome.status == 64 && outcome.out.isEmpty)
    #expect(outcome.complaints.count == 1, "\(outcome.err)")
  }

  /// The program is started in another folder than it was built in.
  @Test func bandNetComesWithTheProgram() throws {
    let data = try ToneFolder(scant.url("tones"))
    let sound = data.url.appendingPathComponent("tone3.wav").path
    let outcome = try scant("embed", "band-net", sound, "--out", "e.npy")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("tone3.wav"))
  }

  @Test func bandNetFeaturesTrainAModel() throws {
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant(
      "train", "--dataset", "tones", "--model", "attention", "--epochs", "1", "--out", "out",
      "--set", "model.input=band-net", "--set", "training.threads=1")
    #expect(outcome.status == 0, "\(outcome.err)")
  }

  @Test func aFrozenTransformerIsReprogrammedAndScored() throws {
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant(
      "train", "--dataset", "tones", "--model", "ast", "--method", "reprogram-unet", "--epochs",
      "1",
      "--out", "out", "--set", "model.weights=band-ast", "--set", "model.frames=96", "--set",
      "training.threads=1")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.err.contains(" values are trained"))
    let best = scant.url("out/best.safetensors")
    let size = try FileManager.default.attributesOfItem(atPath: best.path)[.size] as? Int
    #expect((size ?? .max) < 60_000)
    #expect(try scant("evaluate", "out").status == 0)
    // Other frozen weights are no substitute.
    let folder = scant.url("home/band-ast")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let made = try scant.shell(
      "\"$SCANT\" pretrain band-ast --notes 1 --epochs 1 --out home/band-ast/band-ast.safetensors"
        + " && SCANT_WEIGHTS=home \"$SCANT\" evaluate out")
    #expect(made.status == 1 && made.err.contains("backbone.digest"), "\(made.err)")
  }

  /// A folder whose cells are all blank is heard all the same. Other runs start from the file.
  @Test func aModelIsPretrainedOnOnesOwnClips() throws {
    let data = try ToneFolder(scant.url("tones"))
    let labelled = try data.lines()
    let blank = labelled.dropFirst().map {
      $0.split(separator: ",").prefix(2).joined(separator: ",") + ",,"
    }
    try data.write([labelled[0]] + blank)
    let own = ["--epochs", "1", "--set", "training.threads=1", "--dataset", "tones"]
    let pretrain = ["pretrain", "self", "--out", "w.safetensors", "--run", "pre"]
    let made = try scant.finish(scant.start(pretrain + own))
    #expect(made.status == 0, "\(made.err)")
    #expect(made.out.contains("w.safetensors") && made.out.contains("spread"))
    try data.write(labelled)
    let tune = ["train", "--out", "tuned", "--set", "model.weights=w.safetensors"] + own
    let tuned = try scant.finish(scant.start(tune))
    #expect(tuned.status == 0, "\(tuned.err)")
    let other = try scant.finish(scant.start(tune + ["--fresh", "--set", "model.width=8"]))
    #expect(other.status == 1 && other.err.contains("'conv1.weight' has shape"), "\(other.err)")
  }

  /// The network that comes with the program: its old classes stand for the new ones.
  @Test func aPublishedNetworkIsReprogrammedAndScored() throws {
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant(
      "train", "--dataset", "tones", "--model", "pretrained", "--method", "reprogram-noise",
      "--epochs", "1", "--out", "out", "--set", "method.mapping=labels", "--set",
      "training.threads=1")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(try scant("evaluate", "out").status == 0)
    let missing = try scant(
      "train", "--dataset", "tones", "--model", "pretrained", "--out", "other", "--set",
      "model.network=mn04")
    #expect(missing.status == 1)
    #expect(missing.complaints.count == 1 && missing.err.contains("mn04_as_mAP_432.pt of"))
    let scaled = try scant(
      "train", "--dataset", "tones", "--model", "pretrained", "--out", "scaled", "--set",
      "model.network=yamnet", "--set", "model.normalize=no")
    #expect(scaled.status == 1 && scaled.err.contains("yamnet takes its picture as it is"))
  }

  @Test func missingWeightsAreAOneLineError() throws {
    _ = try ToneFolder(scant.url("tones"))
    let outcome = try scant(
      "train", "--dataset", "tones", "--model", "ast", "--method", "reprogram-linear", "--out",
      "out", "--set", "model.weights=ast")
    #expect(outcome.status == 1)
    #expect(outcome.complaints.count == 1 && outcome.err.contains("model.safetensors of MIT/ast"))
  }
}
