/// `scant bench`: starts the benchmarks, which are a program of their own beside this one.
import ArgumentParser
import Formats
import Foundation

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time the engine, or check it against reference files.")

  @Argument(parsing: .captureForPassthrough, help: "See 'scant bench --help'.")
  var arguments: [String] = []

  private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("scant-bench")

  func run() throws {
    let words = ([Self.program.path] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    // The array ends in nil, as execv asks for; it returns only where it fails.
    execv(Self.program.path, words + [nil])
    throw Problem(
      Self.program.path,
      "\(SystemWords.of(errno)); expected the benchmarks there: "
        + "swift build -c release --product scant-bench")
  }
}
