// One system call fails, once or from then on: one error line, or a run that is as it should be;
// and once the system works again, the run ends as if nothing had been.
import Foundation

struct CallCampaign: Campaign {
  static let name = "calls"
  let work: Workplace
  let preload: Preload
  private let reference = Once<Reference>()

  init(_ work: Workplace, _ preload: Preload) {
    self.work = work
    self.preload = preload
  }

  private enum Place: String, CaseIterable, Sendable { case run, cache, sounds }

  private struct Reference: Sendable {
    let content: RunContent
    let counts: [Place: [Preload.Call: Int]]
  }

  /// Calls that a training makes there, and how they fail where they do.
  private static let kinds: [(place: Place, call: Preload.Call, codes: [Int32])] = [
    (.run, .write, [ENOSPC, EIO, EDQUOT, EFBIG]), (.run, .fsync, [EIO, ENOSPC]),
    (.run, .rename, [EIO, ENOSPC, EACCES]), (.run, .open, [EIO, EMFILE, EACCES, ENOSPC]),
    (.run, .read, [EIO]), (.run, .close, [EIO, ENOSPC]), (.run, .flock, [EIO, ENOLCK]),
    (.run, .mkdir, [EACCES, ENOSPC]), (.cache, .write, [ENOSPC, EIO]),
    (.cache, .open, [EIO, EMFILE, ENOSPC]), (.cache, .read, [EIO]), (.cache, .rename, [EIO]),
    (.cache, .fsync, [EIO]), (.cache, .close, [EIO]), (.cache, .flock, [EIO, ENOLCK]),
    (.cache, .mkdir, [EACCES, ENOSPC]),
    (.sounds, .open, [EIO, EMFILE, ENFILE, ENOMEM, EACCES]), (.sounds, .read, [EIO]),
    (.sounds, .close, [EIO]),
  ]

  /// Each kind twice, once and from then on.
  var briefCases: Int { 2 * Self.kinds.count }
  var allCases: Int? { nil }

  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult {
    let reference = try reference.get(undisturbed)
    let kind = Self.kinds[number % Self.kinds.count]
    let count = reference.counts[kind.place]?[kind.call] ?? 0
    let disturbance = Preload.Disturbance(
      call: kind.call, folder: place(kind.place, folder), number: 1 + chance.below(count),
      code: chance.pick(kind.codes), keepsOn: number / Self.kinds.count % 2 == 1)
    let (out, cache) = (folder / "run", folder / "cache")
    let arguments = TrainingRecipe.plain.arguments(work, out: out)
    let settings = preload.environment(disturbance)
    let ending = try work.run(arguments, in: folder, cache: cache, adding: settings)
    var result = CaseResult(title: disturbance.title)
    result.command = settings.map { "\($0)=\($1)" }.sorted() + [work.scant.path] + arguments
    if let loss = Self.loss(ending, out, reference.content) {
      result.losses = [loss]
      return result
    }
    let after = try work.run(arguments, in: folder, cache: cache)
    if after.status == 0 {
      result.losses = RunContent(reading: out).losses(against: reference.content)
        .prefix(1).map { "after it, done with \($0)" }
    } else {
      result.losses = ["does not end afterwards: \(after.summary)"]
    }
    return result
  }

  /// Of the disturbed run.
  private static func loss(_ ending: Ending, _ out: URL, _ reference: RunContent) -> String? {
    if ending.isHang || ending.isSignalled { return ending.summary }
    guard ending.status == 0 else {
      return ending.complaints.isEmpty ? "ends without a word: \(ending.summary)" : nil
    }
    let losses = RunContent(reading: out).losses(against: reference)
    // What is left half-written is for the next start to remove.
    return losses.first { !$0.hasPrefix("half-written") }.map { "done, with \($0)" }
  }

  private func place(_ place: Place, _ folder: URL) -> URL {
    place == .sounds ? work.tones : folder / place.rawValue
  }

  private func undisturbed() throws -> Reference {
    var counts: [Place: [Preload.Call: Int]] = [:]
    let folder = work.folder / "calls-reference"
    for kind in Place.allCases {
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder / "counts"
      let arguments = TrainingRecipe.plain.arguments(work, out: folder / "run")
      let ending = try work.run(
        arguments, in: folder, cache: folder / "cache",
        adding: preload.counting(place(kind, folder), to: file))
      guard ending.status == 0 else { throw CampaignError("no reference: \(ending.summary)") }
      counts[kind] = try Preload.counts(file)
    }
    let content = RunContent(reading: folder / "run")
    guard content.isWhole else { throw CampaignError("nothing to compare with") }
    return Reference(content: content, counts: counts)
  }
}
