// Every kind of file that Scant reads.
import Foundation

extension MutantSeeds {
  func targets() throws -> [MutantTarget] {
    try [sounds(), weights(), arrays(), table()] + configurations()
      + [log(), checkpoint(), interruptedLog(), featureCache(), results()] + otherLogs()
  }

  private func sounds() throws -> MutantTarget {
    MutantTarget(
      name: "sounds", kind: .bytes, seeds: try SoundSeeds.make(in: folder), batch: 24
    ) { [finished] folder, mutants, _ in
      var files: [String] = []
      for (index, mutant) in mutants.enumerated() {
        files.append((folder / "\(index)-\(mutant.name)").path)
        try Data(mutant.bytes).write(to: folder / "\(index)-\(mutant.name)")
      }
      return .init(arguments: ["predict", finished.path] + files + ["--json"])
    }
  }

  private func inspected(
    _ name: String, _ kind: MutantTarget.Kind, _ seeds: [(name: String, bytes: [UInt8])]
  ) -> MutantTarget {
    MutantTarget(name: name, kind: kind, seeds: seeds) { folder, mutants, _ in
      let file = folder / mutants[0].name
      try Data(mutants[0].bytes).write(to: file)
      return .init(arguments: ["weights", "inspect", file.path])
    }
  }

  private func weights() throws -> MutantTarget {
    inspected("weights", .bytes, try kept("Tests/Golden/Formats", [".pth", ".h5", ".h5.gz"]))
  }

  private func arrays() throws -> MutantTarget {
    let own = [("best.safetensors", Array(try bytes("finished/best.safetensors").prefix(9000)))]
    let run = [("predictions.npy", try bytes("finished/predictions.npy"))]
    let golden = try kept("Tests/Golden/Formats", [".npy", ".npz"])
    return inspected("arrays", .bytes, own + run + golden)
  }

  private func table() throws -> MutantTarget {
    let seed = [UInt8](try Data(contentsOf: work.tones / "labels.csv"))
    let tones = work.tones
    return MutantTarget(
      name: "table", kind: .text, seeds: [("labels.csv", seed)]
    ) { folder, mutants, chance in
      let files = try FileManager.default.contentsOfDirectory(atPath: tones.path)
      for name in files where name.hasSuffix(".wav") {
        try FileManager.default.linkItem(at: tones / name, to: folder / name)
      }
      try Data(mutants[0].bytes).write(to: folder / "labels.csv")
      let json = chance.below(4) == 0
      return .init(
        arguments: ["data", "check", folder.path, "--threads", "1"] + (json ? ["--json"] : []),
        showsOutput: !json)
    }
  }

  /// Everything written in YAML.
  private func configurations() throws -> [MutantTarget] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: (work.root / "sessions").path)
    let sessions = try names.sorted().flatMap { name in
      try kept("sessions/\(name)", ["session.yaml"])
    }
    let one = MutantTarget(name: "session", kind: .text, seeds: sessions) { folder, mutants, _ in
      try Data(mutants[0].bytes).write(to: folder / "session.yaml")
      return .init(arguments: ["table", folder.path])
    }
    let many = MutantTarget(
      name: "sessions", kind: .text, seeds: sessions, batch: 20
    ) { folder, mutants, _ in
      for (index, mutant) in mutants.enumerated() {
        let place = folder / "\(index)"
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(mutant.bytes).write(to: place / "session.yaml")
      }
      return .init(arguments: ["sessions", "--sessions", folder.path])
    }
    let themes = MutantTarget(
      name: "theme", kind: .text, seeds: try kept("themes", [".yaml"])
    ) { folder, mutants, _ in
      try Data(mutants[0].bytes).write(to: folder / "theme.yaml")
      return .init(arguments: ["theme", "check", (folder / "theme.yaml").path])
    }
    return [one, many, themes, try recipe(), configuration()]
  }

  private func recipe() throws -> MutantTarget {
    let seed = ("recipe.yaml", try bytes("finished/recipe.yaml"))
    return MutantTarget(name: "recipe", kind: .text, seeds: [seed]) { folder, mutants, chance in
      let run = try copy(finished, to: folder, with: "recipe.yaml", mutants[0].bytes)
      let commands = [
        ["evaluate", run.path, "--draws", "20"],
        ["replay", run.path, "--dump", "-", "--screen", "method"],
        TrainingRecipe.plain.arguments(work, out: run),
      ]
      return .init(arguments: chance.pick(commands))
    }
  }

  private func configuration() -> MutantTarget {
    let seed = """
      theme: solarized-dark
      glyphs: auto
      keys:
        Z: suspend
        x: none
      layout:
        screen: train
        widths: { loss: 80 }
        folded: [terms]
      data: { openmic2018: /data/openmic2018 }
      weights: { vggish: /data/vggish.h5 }

      """
    return MutantTarget(
      name: "config", kind: .text, seeds: [("config.yaml", Array(seed.utf8))]
    ) { [finished, tones = work.tones] folder, mutants, _ in
      let place = folder / "scant"
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(mutants[0].bytes).write(to: place / "config.yaml")
      return .init(
        arguments: ["predict", finished.path, (tones / "c00.wav").path],
        settings: ["XDG_CONFIG_HOME": folder.path])
    }
  }

  private static let screens = ["data", "method", "train", "clips", "missing", "compare"]
  private static let sizes = ["80x24", "120x40", "200x60", "42x4"]

  private func log() throws -> MutantTarget {
    let seed = ("events.jsonl", try bytes("finished/events.jsonl"))
    return MutantTarget(name: "log", kind: .text, seeds: [seed]) { folder, mutants, chance in
      let run = try copy(finished, to: folder, with: "events.jsonl", mutants[0].bytes)
      if chance.below(4) == 0 {
        let format = chance.pick(["csv", "ndjson"])
        return .init(arguments: ["export", run.path, "--format", format], showsOutput: false)
      }
      return .init(arguments: [
        "replay", run.path, "--dump", "-", "--screen", chance.pick(Self.screens), "--size",
        chance.pick(Self.sizes),
      ])
    }
  }

  /// An event file of TensorBoard, and a table.
  private func otherLogs() throws -> [MutantTarget] {
    let place = folder / "logs"
    let made = try work.run(
      ["export", finished.path, "--format", "tfevents", "--out", place.path], in: folder,
      cache: cache)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
    guard made.status == 0, let name = names.first else {
      throw CampaignError("no event file to damage: \(made.summary)")
    }
    let table = "epoch,step,train_loss,val_acc\r\n0,9,0.5,\r\n0,19,,\"0.25\"\r\n1,29,nan,\r\n"
    return try [
      ("event file", .bytes, (name, bytes("logs/\(name)"))),
      ("log table", .text, ("metrics.csv", Array(table.utf8))),
    ].map { (title: String, kind: MutantTarget.Kind, seed: (String, [UInt8])) in
      MutantTarget(name: title, kind: kind, seeds: [seed]) { folder, mutants, _ in
        let file = folder / mutants[0].name
        try Data(mutants[0].bytes).write(to: file)
        return .init(arguments: ["watch", file.path])
      }
    }
  }

  private func checkpoint() throws -> MutantTarget {
    let seeds = [
      ("best.safetensors", try bytes("finished/best.safetensors")),
      ("last.safetensors", try bytes("interrupted/last.safetensors")),
    ]
    return MutantTarget(name: "checkpoint", kind: .header, seeds: seeds) { folder, mutants, _ in
      let (name, bytes) = mutants[0]
      guard name.hasPrefix("best") else {
        let run = try copy(interrupted, to: folder, with: name, bytes)
        return .init(arguments: TrainingRecipe.plain.arguments(work, out: run), cache: cache)
      }
      let run = try copy(finished, to: folder, with: name, bytes)
      return .init(arguments: ["predict", run.path, (work.tones / "c00.wav").path])
    }
  }

  private func interruptedLog() throws -> MutantTarget {
    let seed = ("events.jsonl", try bytes("interrupted/events.jsonl"))
    return MutantTarget(name: "resumed log", kind: .text, seeds: [seed]) { folder, mutants, _ in
      let run = try copy(interrupted, to: folder, with: "events.jsonl", mutants[0].bytes)
      return .init(arguments: TrainingRecipe.plain.arguments(work, out: run), cache: cache)
    }
  }

  /// Whatever is in the cache, the run comes out the same.
  private func featureCache() throws -> MutantTarget {
    let paths = FileManager.default.enumerator(atPath: cache.path)?.compactMap { $0 as? String }
    let files = (paths ?? []).filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".tsv") }
    let seeds = try files.sorted().map { ($0, try bytes("cache/\($0)")) }
    guard !seeds.isEmpty else { throw CampaignError("nothing in the cache to damage") }
    return MutantTarget(name: "cache", kind: .header, seeds: seeds) { folder, mutants, _ in
      let own = folder / "cache"
      try FileManager.default.copyItem(at: cache, to: own)
      try Data(mutants[0].bytes).write(to: own.appendingPathComponent(mutants[0].name))
      let run = folder / "run"
      return .init(
        arguments: TrainingRecipe.plain.arguments(work, out: run), cache: own, mustEqual: run)
    }
  }

  /// Files of finished runs that a session's table is made of.
  private func results() throws -> MutantTarget {
    let names = ["predictions.npy", "clips.csv", "events.jsonl"]
    let seeds = try names.map { ($0, try bytes("finished/\($0)")) }
    let session = """
      title: tones
      dataset: { id: folder, root: \(work.tones.path) }
      model: { id: cnn }
      methods: [mean-teacher]
      seeds: [0]
      training: { epochs: 3, batch: 8, threads: 1 }

      """
    return MutantTarget(name: "results", kind: .bytes, seeds: seeds) { folder, mutants, chance in
      try Data(session.utf8).write(to: folder / "session.yaml")
      let runs = folder / "runs"
      try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
      let run = runs / "mean-teacher-s0"
      try FileManager.default.copyItem(at: finished, to: run)
      try Data(mutants[0].bytes).write(to: run / mutants[0].name)
      let format = chance.pick(["text", "json", "csv", "markdown"])
      return .init(
        arguments: ["table", folder.path, "--format", format],
        showsOutput: format == "text")
    }
  }
}
