// Documentation/Findings.md says what the kept tables of the sessions say, and nothing else.
import Foundation
import Lab
import Testing

@Suite struct FindingsTests {
  private let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Sessions with claims, without runs that may lie beside them.
  private func findings() throws -> [(session: Session, finding: Finding)] {
    let sessions = try Session.all(in: [project.appendingPathComponent("sessions")])
      .map { try Session.read($0) }
    return sessions.flatMap { session in
      (SessionRow(session).findings ?? []).map { (session, $0) }
    }
  }

  /// Claims that are not run say so on the page.
  @Test func answersRestOnFiveSeeds() throws {
    let findings = try findings()
    #expect(findings.count { $0.finding.standing != .open } > 20)
    for (session, finding) in findings where finding.standing != .open {
      #expect(finding.seeds >= 5, "\(session.name): \(finding.claim)")
    }
    #expect(Set(findings.map(\.finding.claim)).count == findings.count)
  }

  @Test func pageHasEveryFindingAndItsSession() throws {
    let page = try String(
      contentsOf: project.appendingPathComponent("Documentation/Findings.md"), encoding: .utf8)
    for (session, finding) in try findings() {
      #expect(page.contains(finding.markdown), "expected this row:\n\(finding.markdown)")
      #expect(page.contains("sessions/\(session.name)"), "\(session.name)")
    }
    let rows = page.split(separator: "\n").filter { line in
      [" shown |", " reversed |", " not run |"].contains { line.contains($0) }
    }
    #expect(rows.count == (try findings().count), "a row without a claim")
  }
}
