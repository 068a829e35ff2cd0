// A kind of file, and the commands that read it.
import Foundation

struct MutantTarget: Sendable {
  /// One command on one or several damaged files.
  struct Probe: Sendable {
    var arguments: [String]
    var settings: [String: String] = [:]
    var cache: URL?
    /// False where the output is data that no terminal is meant to show.
    var showsOutput = true
    /// A run that must come out as the undisturbed one does.
    var mustEqual: URL?
  }

  enum Kind: Sendable { case bytes, text, header }

  let name: String
  let kind: Kind
  let seeds: [(name: String, bytes: [UInt8])]
  /// Damaged files that one process reads.
  var batch = 1
  /// Puts damaged files, named as their seeds, into a folder and says how they are read.
  let probe: @Sendable (URL, [(name: String, bytes: [UInt8])], inout Chance) throws -> Probe

  func mutant(_ chance: inout Chance) -> (name: String, bytes: [UInt8]) {
    let seed = chance.pick(seeds)
    let bytes =
      switch kind {
      case .bytes: Mutation.bytes(seed.bytes, others: seeds.map(\.bytes), &chance)
      case .text: Mutation.text(seed.bytes, others: seeds.map(\.bytes), &chance)
      case .header: Mutation.header(seed.bytes, &chance)
      }
    return (seed.name, bytes)
  }
}

/// What the targets damage: a finished run, an interrupted one, and the cache they were made with.
struct MutantSeeds: Sendable {
  let work: Workplace
  let folder: URL
  let content: RunContent

  var finished: URL { folder / "finished" }
  var interrupted: URL { folder / "interrupted" }
  var cache: URL { folder / "cache" }

  init(_ work: Workplace, _ preload: Preload) throws {
    self.work = work
    folder = work.folder / "mutant-seeds"
    try FileManager.default.createDirectory(
      at: folder / "finished", withIntermediateDirectories: true)
    let recipe = TrainingRecipe.plain
    let whole = try work.run(
      recipe.arguments(work, out: folder / "finished"), in: folder, cache: folder / "cache")
    guard whole.status == 0 else { throw CampaignError("no run to damage: \(whole.summary)") }
    content = RunContent(reading: folder / "finished")
    // Killed before the third checkpoint is in its place.
    let kill = Preload.Disturbance(
      call: .rename, folder: folder / "interrupted", number: 4, code: nil)
    _ = try work.run(
      recipe.arguments(work, out: folder / "interrupted"), in: folder, cache: folder / "cache",
      adding: preload.environment(kill))
    let last = (folder / "interrupted" / "last.safetensors").path
    guard content.isWhole, FileManager.default.fileExists(atPath: last) else {
      throw CampaignError("no interrupted run to damage")
    }
  }

  func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// A copy of a run, with one of its files replaced.
  func copy(_ run: URL, to folder: URL, with file: String, _ bytes: [UInt8]) throws -> URL {
    let copy = folder / "run"
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    // Without the socket that a killed process leaves, which cannot be copied.
    for name in try FileManager.default.contentsOfDirectory(atPath: run.path)
    where name != file && name != ".control" {
      try FileManager.default.copyItem(at: run / name, to: copy / name)
    }
    try Data(bytes).write(to: copy / file)
    return copy
  }

  /// The files of Golden tests and of the checkout, by their ends.
  func kept(_ path: String, _ ends: [String]) throws -> [(name: String, bytes: [UInt8])] {
    let place = work.root.appendingPathComponent(path)
    return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
      .filter { name in ends.contains { name.hasSuffix($0) } }
      .map { ($0, [UInt8](try Data(contentsOf: place / $0))) }
  }
}
