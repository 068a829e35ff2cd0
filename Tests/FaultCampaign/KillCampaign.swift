// SIGKILL at a random moment, up to three times, then to the end: nothing may differ.
import Foundation

struct KillCampaign: Campaign {
  static let name = "kills"
  let work: Workplace
  let preload: Preload
  private let references = TrainingRecipe.all.map { _ in Once<Reference>() }

  init(_ work: Workplace, _ preload: Preload) {
    self.work = work
    self.preload = preload
  }

  private struct Reference: Sendable {
    let content: RunContent
    let seconds: Double
    let counts: [Preload.Call: Int]
  }

  /// One kill of each recipe, each at another call: 22 cases.
  var briefCases: Int { 2 * TrainingRecipe.all.count }
  var allCases: Int? { nil }

  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult {
    let at = number % TrainingRecipe.all.count
    let recipe = TrainingRecipe.all[at]
    let reference = try references[at].get { try undisturbed(recipe, at) }
    let out = folder / "run"
    let arguments = recipe.arguments(work, out: out)
    // Some fill a cache of their own, so that a kill may fall into that.
    let cache = chance.below(4) == 0 ? folder / "cache" : nil
    var moments: [String] = []
    for _ in 0..<[1, 1, 2, 3][chance.below(4)] {
      moments.append(try kill(arguments, reference, in: folder, cache: cache, &chance))
    }
    let ending = try work.run(arguments, in: folder, cache: cache)
    var result = CaseResult(
      title: "\(recipe.name), killed at \(moments.joined(separator: ", "))",
      command: arguments)
    if ending.status != 0 || ending.isSignalled {
      result.losses = ["cannot be resumed: \(ending.summary)"]
    } else {
      result.losses = RunContent(reading: out).losses(against: reference.content)
    }
    return result
  }

  /// When it was killed, in words.
  private func kill(
    _ arguments: [String], _ reference: Reference, in folder: URL, cache: URL?,
    _ chance: inout Chance
  ) throws -> String {
    let calls = Preload.Call.allCases.filter { reference.counts[$0] ?? 0 > 0 }
    if !calls.isEmpty, chance.below(3) > 0 {
      let call = chance.pick([.write, .rename, .fsync, .open].filter(calls.contains) + calls)
      let disturbance = Preload.Disturbance(
        call: call, folder: folder / "run",
        number: 1 + chance.below(reference.counts[call] ?? 1), code: nil)
      _ = try work.run(
        arguments, in: folder, cache: cache, adding: preload.environment(disturbance))
      return "\(call.rawValue) \(disturbance.number)"
    }
    let seconds = 0.005 + chance.share() * reference.seconds * 1.05
    let child = try work.start(arguments, in: folder, cache: cache)
    if !child.ends(within: seconds) { child.end() }
    return "\(Int(seconds * 1000)) ms"
  }

  /// Run twice: the first one fills the cache.
  private func undisturbed(_ recipe: TrainingRecipe, _ at: Int) throws -> Reference {
    let folder = work.folder / "kills-reference-\(at)"
    let out = folder / "run"
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var (seconds, counts) = (0.0, [Preload.Call: Int]())
    for isLast in [false, true] {
      try? FileManager.default.removeItem(at: out)
      let start = Date()
      let file = folder / "counts"
      let more = isLast ? [:] : preload.counting(out, to: file)
      let ending = try work.run(recipe.arguments(work, out: out), in: folder, adding: more)
      guard ending.status == 0 else { throw CampaignError("\(recipe.name): \(ending.summary)") }
      seconds = Date().timeIntervalSince(start)
      if !isLast { counts = try Preload.counts(file) }
    }
    let content = RunContent(reading: out)
    guard content.isWhole else { throw CampaignError("\(recipe.name): nothing to compare with") }
    return Reference(content: content, seconds: seconds, counts: counts)
  }
}
