// Kills, failing system calls, damaged files, signals and rubbish: what does Scant lose?
import Dispatch
import Foundation
import Synchronization

@main
struct FaultCampaign {
  let options: Options
  let work: Workplace
  let tally: Tally
  private static let isStopped = Atomic<Bool>(false)

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") || arguments.contains("-h") {
      Tally.say(Options.usage)
      exit(0)
    }
    do {
      let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      let options = try Options(arguments, root: root, program: program)
      exit(try run(options))
    } catch {
      FileHandle.standardError.write(Data("faults: \(error)\n".utf8))
      exit(64)
    }
  }

  /// The checkout that this program was built from.
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func run(_ options: Options) throws -> Int32 {
    guard access(options.scant.path, X_OK) == 0 else {
      throw CampaignError("\(options.scant.path): no program; expected Scant, built")
    }
    Child.setLimits()
    let stops = [SIGINT, SIGTERM].map(stopping)
    defer { for stop in stops { stop.cancel() } }
    let work = try Workplace(scant: options.scant, root: root, seed: options.seed)
    defer { work.remove() }
    let campaign = FaultCampaign(
      options: options, work: work, tally: Tally(finds: options.finds))
    try campaign.runAll()
    Tally.say(campaign.tally.table)
    if isStopped.load(ordering: .relaxed) { return 130 }
    return campaign.tally.lost == 0 ? 0 : 1
  }

  /// The cases that run come to their end, and the table is printed.
  private static func stopping(_ number: Int32) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { isStopped.store(true, ordering: .relaxed) }
    source.activate()
    return source
  }

  private func runAll() throws {
    let runner = Runner(work: work, tally: tally, jobs: options.jobs) {
      Self.isStopped.load(ordering: .relaxed)
    }
    let preload = try Preload(
      in: work.folder,
      source: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Preload/failing-calls.c"))
    let end = Date().addingTimeInterval(options.minutes * 60)
    // Of what is left, so that a campaign that ends early leaves its time to the others.
    let shares: [(Options.Name, Double)] = [
      (.signals, 0.15), (.socket, 0.08), (.kills, 0.35), (.calls, 0.4), (.mutants, 1),
    ]
    let chosen = shares.filter { options.only.contains($0.0) }
    for (index, (name, share)) in chosen.enumerated() {
      let isLast = index == chosen.count - 1
      let seconds = max(1, end.timeIntervalSinceNow * (isLast ? 1 : share))
      switch name {
      case .signals: start(runner, SignalCampaign(work), seconds)
      case .socket: start(runner, SocketCampaign(work), seconds)
      case .kills: start(runner, KillCampaign(work, preload), seconds)
      case .calls: start(runner, CallCampaign(work, preload), seconds)
      case .mutants: start(runner, MutantCampaign(work, preload), seconds)
      }
    }
  }

  private func start(_ runner: Runner, _ campaign: some Campaign, _ seconds: Double) {
    options.isBrief ? runner.runBriefly(campaign) : runner.run(campaign, seconds: seconds)
  }
}
