// The way every program here runs its command line: an error becomes one line and an exit status.
import ArgumentParser
import Formats
import Foundation

extension ExitCode {
  /// Ctrl-C or SIGTERM, after a checkpoint.
  package static let interrupted = ExitCode(130)
}

extension ParsableCommand {
  /// Parses the arguments, calls `prepare`, runs the command and exits where it fails.
  package static func runOrExit(prepare: () -> Void = {}) {
    // A reader that goes away must not take a training with it: writes report EPIPE instead.
    signal(SIGPIPE, SIG_IGN)
    // A file that reaches its limit is an error of one write, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      prepare()
      try command.run()
    } catch {
      Foundation.exit(report(error))
    }
  }

  /// Prints one line about the error and returns the exit status.
  private static func report(_ error: any Error) -> Int32 {
    if error is CancellationError { return ExitCode.interrupted.rawValue }
    let status = exitCode(for: error)
    switch status {
    case .success:
      try? Console.shared.print(fullMessage(for: error))
    case .validationFailure:
      let message = message(for: error).split(separator: "\n").joined(separator: " ")
      Console.shared.complain("\(message); see '\(helpCommand)'")
    case _ where error is ExitCode: break
    default: Console.shared.complain(SystemWords.sentence(error))
    }
    return status.rawValue
  }

  /// `scant run --help` after a mistake in the arguments of `run`.
  private static var helpCommand: String {
    let names = configuration.subcommands.map { $0._commandName }
    guard let name = CommandLine.arguments.dropFirst().first, names.contains(name) else {
      return "\(_commandName) --help"
    }
    return "\(_commandName) \(name) --help"
  }
}
