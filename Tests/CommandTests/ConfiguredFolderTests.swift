/// Folders named by config.yaml: found, outranked by `--root` and by the environment, and faults
/// told with their line.
import Foundation
import Testing

@Suite struct ConfiguredFolderTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
  }

  @Test func dataIsFoundInConfiguredFolders() throws {
    #expect(try scant("data", "check", "folder").status == 1)
    try scant.write(".config/scant/config.yaml", "data: { folder: ../../tones }\n")
    let found = try scant("data", "check", "folder")
    #expect(found.status == 0 && found.out.contains("24 of 24 files found"), "\(found.err)")
    let trained = try scant(
      "train", "--dataset", "folder", "--epochs", "1", "--set", "training.batch=8")
    #expect(trained.status == 0 && trained.out.hasPrefix("F1 (f1-macro-both) "), "\(trained.err)")
    #expect(try scant("data", "check", "folder", "--root", "nowhere").err.contains("nowhere"))
    // An environment that is empty, or does not have the data set, leaves it to the file.
    for environment in ["SCANT_DATA=/nowhere", "SCANT_DATA=", "XDG_CONFIG_HOME="] {
      #expect(try scant.shell("\(environment) $SCANT data check folder").status == 0)
    }
  }

  /// Flag, environment, file.
  @Test func environmentOverridesTheConfiguration() throws {
    try scant.write(".config/scant/config.yaml", "data: { folder: /nowhere }\ncolor: 256\n")
    try scant.write(
      "data/folder/labels.csv", "filename,split,loud\na.wav,train,1\nb.wav,test,1\n")
    let found = try scant.shell("SCANT_DATA=$PWD/data $SCANT data check folder")
    #expect(found.out.contains("data/folder/labels.csv:2: no file"), "\(found.err)")
    #expect(try scant("data", "check", "folder").err.contains("/nowhere"))
    try scant.write("weights/musicnn/x", "")
    try scant.write(".config/scant/config.yaml", "weights: { musicnn: /nowhere }\n")
    let embedded = try scant.shell(
      "SCANT_WEIGHTS=weights $SCANT embed musicnn tones/tone0.wav --out e.npy")
    #expect(embedded.err.contains("weights/musicnn") && !embedded.err.contains("/nowhere"))
  }

  @Test func weightsAreFoundInConfiguredFolders() throws {
    try scant.write(".config/scant/config.yaml", "weights: { musicnn: /nowhere/musicnn }\n")
    let outcome = try scant("embed", "musicnn", "tones/tone0.wav", "--out", "e.npy")
    #expect(outcome.status == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("/nowhere/musicnn"), "\(outcome.err)")
  }

  @Test func configurationErrorsNameTheLine() throws {
    try scant.write(".config/scant/config.yaml", "theme: mono\ndata: { esc5: /x }\n")
    let outcome = try scant("datasets")
    #expect(outcome.status == 0 && outcome.out.contains("esc50"))
    #expect(outcome.errorLines.count == 1 && outcome.complaints.count == 1)
    #expect(outcome.err.contains("config.yaml:2: data.esc5: unknown id; did you mean 'esc50'?"))
  }
}
