/// Every run of a session, one after the other, and the session's table at the end.
import ArgumentParser
import Foundation
import Lab
import Output

struct SessionRun {
  let session: Session
  /// Events to stdout as JSON lines; the table then goes to stderr.
  var json = false
  var fresh = false
  private let meter = Meter()

  init(session: Session, json: Bool = false, fresh: Bool = false) {
    self.session = session
    self.json = json
    self.fresh = fresh
  }

  func callAsFunction() throws {
    let console = Console.shared
    let interruption = Interruption()
    let executor = RunExecutor()
    var failures = 0
    for (index, run) in session.runs.enumerated() {
      console.say("run \(index + 1) of \(session.runs.count): \(run.name)")
      let bye = try train(run, executor, interruption)
      if bye.reason == .failed { failures += 1 }
      let isCut = bye.reason == .interrupted || bye.reason == .stopped
      if isCut || interruption.isRaised { throw ExitCode.interrupted }
    }
    let table = try ResultsTable(session).text()
    if json { console.say(table) } else { try console.print(table) }
    if failures > 0 {
      // A single run has said it all.
      if session.runs.count > 1 {
        console.complain("\(failures) of \(session.runs.count) runs failed; see their lines above")
      }
      throw ExitCode.failure
    }
  }

  private func train(
    _ run: Session.Run, _ executor: RunExecutor, _ interruption: Interruption
  ) throws -> Bye {
    let reporter = RunReporter(run.name, writesEvents: json, meter: meter)
    let headless = HeadlessRun(
      recipe: run.recipe, folder: session.runFolder(run), fresh: fresh, executor: executor,
      reporter: reporter, interruption: interruption)
    switch try headless() {
    case .trained(let bye), .alreadyDone(let bye):
      reporter.ended(bye, columns: session.columns)
      return bye
    }
  }
}
