// Rubbish and floods at the control socket of a training: whoever asks properly is answered, and
// the run comes out as the undisturbed one does.
import Foundation

struct SocketCampaign: Campaign {
  static let name = "socket"
  let work: Workplace
  private let reference = Once<RunContent>()

  init(_ work: Workplace) { self.work = work }

  /// All written attacks in two trainings.
  var briefCases: Int { 2 }
  /// After them, chance attacks.
  var allCases: Int? { nil }

  private static let recipe = TrainingRecipe(
    name: "socket", method: "mean-teacher", epochs: 80, batch: 4)
  /// Seconds within which a proper question is answered, on the busiest machine.
  private static let patience = 60.0

  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult {
    let reference = try reference.get(undisturbed)
    let written = SocketAttack.written
    let half = written.count / 2
    let attacks =
      switch number {
      case 0: Array(written[..<half])
      case 1: Array(written[half...])
      default: (0..<20).map { _ in SocketAttack.chosen(&chance) }
      }
    let out = folder / "run"
    var result = CaseResult(title: "a training under attack", tries: attacks.count)
    let child = try work.start(Self.recipe.arguments(work, out: out), in: folder)
    for _ in 0..<20_000 where child.ending() == nil {
      if FileManager.default.fileExists(atPath: (out / ".control").path) { break }
      usleep(2000)
    }
    // It holds still while it is attacked, so that it is there to the last attack.
    if !asks("pause", out, child) { result.losses.append("does not answer at first") }
    for attack in attacks where child.ending() == nil {
      let kept = attack.perform(out)
      if !asks("pause", out, child) { result.losses.append("no answer during: \(attack.name)") }
      withExtendedLifetime(kept) {}
    }
    _ = asks("resume", out, child)
    let ending = child.wait()
    if ending.status != 0 || ending.isSignalled {
      result.losses.append("ends: \(ending.summary)")
    } else {
      result.losses += RunContent(reading: out).losses(against: reference)
    }
    return result
  }

  /// Whether a proper command is taken within reasonable time, or the run has ended by itself.
  private func asks(_ command: String, _ run: URL, _ child: Child) -> Bool {
    let end = Date().addingTimeInterval(Self.patience)
    while Date() < end {
      if child.ending() != nil { return true }
      if let peer = ControlPeer(run) {
        peer.send("{\"command\":\"\(command)\"}\n")
        if peer.answer(within: 5000)?.contains("\"ok\":true") == true { return true }
      }
      usleep(20_000)
    }
    return false
  }

  private func undisturbed() throws -> RunContent {
    let out = work.folder / "socket-reference"
    let ending = try work.run(Self.recipe.arguments(work, out: out), in: work.folder)
    let content = RunContent(reading: out)
    guard content.isWhole else { throw CampaignError("no reference: \(ending.summary)") }
    return content
  }
}
