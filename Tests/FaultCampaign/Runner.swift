// Runs the cases of the campaigns on all processors until the time is over.
import Dispatch
import Foundation
import Synchronization

struct Runner: Sendable {
  let work: Workplace
  let tally: Tally
  let jobs: Int
  let isStopped: @Sendable () -> Bool

  /// Cases 0..<briefCases, whatever the time.
  func runBriefly(_ campaign: some Campaign) {
    run(campaign, count: campaign.briefCases, until: .distantFuture)
  }

  /// As many cases as there are or as fit into `seconds`.
  func run(_ campaign: some Campaign, seconds: Double) {
    run(campaign, count: campaign.allCases ?? .max, until: Date().addingTimeInterval(seconds))
  }

  private func run<Kind: Campaign>(_ campaign: Kind, count: Int, until end: Date) {
    tally.begin(Kind.name)
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while Date() < end, !isStopped() {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        one(campaign, number)
      }
    }
  }

  private func one<Kind: Campaign>(_ campaign: Kind, _ number: Int) {
    let folder = work.folder / "\(Kind.name)-\(number)"
    var chance = Chance(seed: work.seed, campaign: Kind.name, case: number)
    var result: CaseResult
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      result = try campaign.run(case: number, in: folder, &chance)
    } catch {
      // A case that cannot be judged is no case that survived.
      result = CaseResult(title: "case", losses: ["cannot be judged: \(error)"])
    }
    tally.note(result, of: Kind.name, case: number, folder: folder)
    try? FileManager.default.removeItem(at: folder)
  }
}
