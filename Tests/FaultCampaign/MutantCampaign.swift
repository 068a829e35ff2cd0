// Damaged files of every format: each is read, or refused in words, quickly and in little memory.
import Foundation

struct MutantCampaign: Campaign {
  static let name = "mutants"
  let work: Workplace
  let preload: Preload
  private let prepared = Once<(seeds: MutantSeeds, targets: [MutantTarget])>()

  init(_ work: Workplace, _ preload: Preload) {
    self.work = work
    self.preload = preload
  }

  /// The pointed cases, then two processes of each kind of file.
  var briefCases: Int { PointedCase.all.count + 2 * 14 }
  var allCases: Int? { nil }

  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult {
    let (seeds, targets) = try prepared.get {
      let seeds = try MutantSeeds(work, preload)
      return (seeds, try seeds.targets())
    }
    if number < PointedCase.all.count {
      return try run(PointedCase.all[number], seeds, in: folder)
    }
    let target = targets[(number - PointedCase.all.count) % targets.count]
    let mutants = (0..<target.batch).map { _ in target.mutant(&chance) }
    var result = try run(target, mutants, in: folder / "all", &chance, seeds)
    result.tries = mutants.count
    guard !result.losses.isEmpty, mutants.count > 1 else { return result }
    return try single(out: mutants, of: target, result, in: folder, &chance, seeds)
  }

  /// Which of a batch it was.
  private func single(
    out mutants: [(name: String, bytes: [UInt8])], of target: MutantTarget, _ all: CaseResult,
    in folder: URL, _ chance: inout Chance, _ seeds: MutantSeeds
  ) throws -> CaseResult {
    var result = all
    var losses: [String] = []
    for (index, mutant) in mutants.enumerated() {
      let place = folder / "\(index)"
      let one = try run(target, [mutant], in: place, &chance, seeds)
      losses += one.losses.map { "mutant \(index): \($0)" }
      if one.losses.isEmpty {
        try? FileManager.default.removeItem(at: place)
      } else {
        result.command = one.command
      }
    }
    if !losses.isEmpty { result.losses = losses }
    return result
  }

  private func run(
    _ target: MutantTarget, _ mutants: [(name: String, bytes: [UInt8])], in folder: URL,
    _ chance: inout Chance, _ seeds: MutantSeeds
  ) throws -> CaseResult {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let probe = try target.probe(folder, mutants, &chance)
    var result = CaseResult(title: "\(target.name) (\(mutants[0].name))")
    result.losses = try losses(probe, seeds, in: folder)
    result.command = probe.arguments
    return result
  }

  private func run(
    _ pointed: PointedCase, _ seeds: MutantSeeds, in folder: URL
  ) throws -> CaseResult {
    let probe = try pointed.probe(folder, seeds)
    var result = CaseResult(title: pointed.name, command: probe.arguments)
    result.losses = try losses(probe, seeds, in: folder)
    return result
  }

  private func losses(
    _ probe: MutantTarget.Probe, _ seeds: MutantSeeds, in folder: URL
  ) throws -> [String] {
    let ending = try work.run(
      probe.arguments, in: folder, cache: probe.cache, adding: probe.settings)
    if let loss = Verdict.loss(ending, showsOutput: probe.showsOutput) { return [loss] }
    guard let run = probe.mustEqual else { return [] }
    guard ending.status == 0 else { return ["ends the run: \(ending.summary)"] }
    return RunContent(reading: run).losses(against: seeds.content).prefix(1).map {
      "done with \($0)"
    }
  }
}
