/// What needs no training: help, catalogues, mistakes in the arguments.
import Foundation
import Testing

@Suite struct UsageTests {
  let scant: Program
  init() throws { scant = try Program() }

  @Test func helpNamesEveryCommand() throws {
    let help = try scant("--help")
    #expect(help.status == 0 && help.err.isEmpty)
    for command in [
      "run", "train", "evaluate", "predict", "tag", "table", "export", "data", "datasets", "models",
      "extractors", "embed",
      "methods", "metrics", "sessions", "weights", "bench", "theme", "watch",
    ] {
      #expect(help.out.contains("  \(command) "), "\(command)")
      #expect(try scant(command, "--help").status == 0)
    }
    #expect(try scant("--version").out.hasPrefix("scant "))
  }

  @Test(arguments: [
    ["run", "x", "--jobs", "0"], ["train", "--epohcs", "3"], ["train", "--seed", "many"],
    ["train", "--epochs", "0"], ["train", "--labels", "1.5"], ["train", "--labels", "-1"],
    ["train", "--model", "cnnn"], ["train", "--method", "b7"], ["train", "--set", "training.x=1"],
    ["train", "--set", "training.batch"], ["train", "--seed", "-1"], ["evaluate"],
    ["evaluate", "x", "--split", "half"], ["evaluate", "x", "--draws", "3"],
    ["table", "x", "--metric", "f2"],
    ["table", "x", "--format", "pdf"], ["predict", "x", "y", "--top", "0"],
    ["tag"], ["tag", "x", "--top", "0"], ["tag", "x", "--by", "musicnn"],
    ["tag", "x", "--weights", "."],
    ["data", "check"], ["data", "check", "band", "--threads", "0"],
    ["data", "check", "sonyc-ust-v2", "--level", "middle"], ["data", "render", "--clips", "0"],
    ["data", "render", "--seconds", "nan"],
    ["bench", "train"], ["bench", "train", "--workload", "vgg"],
    ["bench", "train", "--workload", "cnn", "--precision", "fp8"],
    ["bench", "train", "--workload", "cnn", "--threads", "0"],
    ["bench", "logmel", "--seconds", "0"],
  ])
  func impossibleArgumentsAreUsageErrors(_ arguments: [String]) throws {
    let outcome = try scant.finish(scant.start(arguments))
    #expect(outcome.status == 64 && outcome.out.isEmpty)
    #expect(outcome.errorLines.count == 1 && outcome.complaints.count == 1, "\(outcome.err)")
  }

  @Test func typosSuggestTheNearestKey() throws {
    let outcome = try scant("train", "--set", "training.epohcs=3")
    #expect(outcome.err.contains("training.epohcs") && outcome.err.contains("training.epochs"))
  }

  @Test func misspeltCommandsSuggestTheNearestOne() throws {
    let outcome = try scant.finish(scant.start(["trian"]))
    #expect(outcome.status == 64 && outcome.errorLines.count == 1)
    #expect(outcome.err.contains("did you mean 'scant train'"), "\(outcome.err)")
  }

  @Test func missingInputsAreOneLineErrors() throws {
    for arguments in [
      ["evaluate", "nowhere"], ["predict", "nowhere", "x.wav"], ["export", "nowhere"],
      ["table", "nowhere"], ["run", "nowhere"], ["nowhere"],
    ] {
      let outcome = try scant.finish(scant.start(arguments))
      #expect(outcome.status == 1 && outcome.out.isEmpty, "\(arguments)")
      #expect(outcome.errorLines.count == 1 && outcome.complaints.count == 1)
      #expect(outcome.err.contains("nowhere") && outcome.err.contains("expected"))
    }
  }

  @Test(arguments: [
    (
      "datasets",
      [
        "band", "openmic2018", "sonyc-ust-v2", "dcase2017-task4", "magnatagatune", "mtg-jamendo",
        "fsd50k", "urbansound8k", "esc50", "esc10-mixtures", "audioset-vggish", "folder",
      ]
    ), ("models", ["attention", "cnn"]), ("extractors", ["aisfx", "mn04", "yamnet"]),
    ("methods", ["b0", "b1"]),
    (
      "metrics",
      [
        "accuracy", "ap-macro", "ap-micro", "f1-instance", "f1-macro", "f1-macro-both", "f1-micro",
        "roc-auc-macro",
      ]
    ),
  ])
  func cataloguesListTheirIds(_ name: String, _ expected: [String]) throws {
    let entries = try #require(try scant(name, "--json").json() as? [[String: Any]])
    let ids = entries.compactMap { $0["id"] as? String }
    #expect(Set(expected).isSubset(of: ids))
    #expect(entries.allSatisfy { !(($0["summary"] as? String) ?? "").isEmpty })
    let table = try scant(name)
    #expect(table.status == 0 && ids.allSatisfy { table.out.contains("\n\($0) ") })
  }

  @Test func closedPipeEndsTheOutputQuietly() throws {
    let outcome = try scant.shell("($SCANT metrics; echo status $? >&2) | true")
    #expect(outcome.err == "status 0\n")
    let full = try scant.shell("$SCANT metrics > /dev/full")
    #expect(full.status == 1 && full.complaints.count == 1)
  }

  @Test func sessionsAreListedAndBrokenOnesReported() throws {
    try scant.write("sessions/fine/session.yaml", "title: Fine\nmethods: [b0, b1]\nseeds: [0, 1]\n")
    let list = try scant("sessions", "--json", "--sessions", "sessions")
    #expect(list.status == 0)
    let entry = try #require((try list.json() as? [[String: Any]])?.first)
    #expect(entry["id"] as? String == "fine" && entry["title"] as? String == "Fine")
    #expect(entry["runs"] as? Int == 4 && entry["finished"] as? Int == 0)
    try scant.write("sessions/odd/session.yaml", "title: Odd\ntraning: { epochs: 3 }\n")
    let odd = try scant("sessions", "--sessions", "sessions")
    #expect(odd.status == 1 && odd.out.contains("Fine"))
    #expect(odd.complaints.count == 1 && odd.err.contains("odd/session.yaml:2: "))
  }
}
