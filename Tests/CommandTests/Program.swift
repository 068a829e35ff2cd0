/// The built program as a user meets it: arguments in, status, stdout and stderr out.
import Foundation
import Testing

struct Outcome {
  let status: Int32
  let out: String
  let err: String

  var errorLines: [String] { err.split(separator: "\n").map(String.init) }
  /// Lines that say what is wrong.
  var complaints: [String] { errorLines.filter { $0.hasPrefix("scant: ") } }

  func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(out.utf8)) }

  /// One object a line.
  func jsonLines() throws -> [[String: Any]] {
    try out.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }
}

/// A folder of its own to work in, with its own cache and home; removed at the end.
final class Program {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Beside the test bundle.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("scant")

  func url(_ path: String) -> URL { folder.appendingPathComponent(path) }

  func callAsFunction(_ arguments: String...) throws -> Outcome {
    try finish(start(arguments))
  }

  /// A line of shell; `$SCANT` is the program.
  func shell(_ line: String) throws -> Outcome {
    try finish(begin(URL(fileURLWithPath: "/bin/sh"), ["-c", line]))
  }

  struct Running {
    let process: Process
    let out, err: URL
  }

  func start(_ arguments: [String]) throws -> Running { try begin(Self.executable, arguments) }

  /// A line of shell, which goes on.
  func startShell(_ line: String) throws -> Running {
    try begin(URL(fileURLWithPath: "/bin/sh"), ["-c", line])
  }

  /// A text file below the folder.
  func write(_ path: String, _ text: String) throws {
    let file = url(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func finish(_ running: Running) throws -> Outcome {
    running.process.waitUntilExit()
    return Outcome(
      status: running.process.terminationReason == .exit
        ? running.process.terminationStatus : 128 + running.process.terminationStatus,
      out: try String(contentsOf: running.out, encoding: .utf8),
      err: try String(contentsOf: running.err, encoding: .utf8))
  }

  /// Tests run on threads that block signals, and whoever is started there would inherit that: it
  /// could not be stopped, and a tmux server, which ends by a signal to itself, could not end.
  private func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  private func begin(_ executable: URL, _ arguments: [String]) throws -> Running {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": folder.path, "XDG_CACHE_HOME": url("cache").path, "LANG": "C.UTF-8",
      "SCANT": Self.executable.path,
    ]
    let name = UUID().uuidString
    let (out, err) = (url("\(name).out"), url("\(name).err"))
    for file in [out, err] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try withoutBlockedSignals { try process.run() }
    return Running(process: process, out: out, err: err)
  }
}
