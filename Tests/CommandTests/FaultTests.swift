/// The short lane of `script/faults`: a few cases of each campaign, the same every time.
import Foundation
import Testing

@Suite(.serialized) struct FaultTests {
  /// Beside the test bundle, as the program under test is.
  private static let campaign = Program.executable.deletingLastPathComponent()
    .appendingPathComponent("FaultCampaign")

  /// Nothing is lost: a run ends as the undisturbed one does or says in a line why it does not, a
  /// damaged file is read or refused in words, and the terminal is as it was. What is lost is kept
  /// in `.build/faults`.
  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: campaign.path),
      "FaultCampaign is not built"),
    arguments: ["kills", "calls", "mutants", "signals", "socket"])
  func shortFaultCampaignLosesNothing(only: String) throws {
    let scant = try Program()
    let outcome = try scant.shell("exec '\(Self.campaign.path)' --brief --only \(only)")
    #expect(outcome.status == 0, "\(outcome.out)\(outcome.err)")
    // A campaign of which nothing ran would lose nothing either.
    let rows = outcome.out.split(separator: "\n").map { $0.split(separator: " ") }
    let row = try #require(rows.first { $0.first.map(String.init) == only }, "\(outcome.out)")
    #expect(try #require(Int(row[1])) >= 9, "\(outcome.out)")
  }
}
