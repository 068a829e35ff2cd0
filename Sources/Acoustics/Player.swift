// Playback through whatever player the system has; no sound code of our own.
import Foundation

/// Starts and stops one external process. Use it from one thread.
public final class Player {
  /// Name of the program found, such as "aplay".
  public let program: String

  private let executable: URL
  private var process: Process?
  private var temporary: URL?

  private static let candidates: [(program: String, arguments: [String])] = [
    ("pw-play", []), ("paplay", []), ("aplay", ["-q"]),
    ("ffplay", ["-nodisp", "-autoexit", "-loglevel", "quiet"]), ("play", ["-q"]),
  ]

  /// Finds a player in the folders of `path`, by default $PATH; nil when there is none.
  public init?(path: String? = ProcessInfo.processInfo.environment["PATH"]) {
    let folders = (path ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let found = Self.candidates.lazy.flatMap { candidate in
      folders.lazy.map { (candidate.program, $0.appendingPathComponent(candidate.program)) }
    }
    .first { FileManager.default.isExecutableFile(atPath: $0.1.path) }
    guard let found else { return nil }
    (program, executable) = found
  }

  deinit { stop() }

  public var isPlaying: Bool { process?.isRunning ?? false }

  /// Plays `url` from the start, stopping what played before. Throws `AudioError`.
  public func play(_ url: URL) throws { try play(try AudioFile.read(url)) }

  /// Plays `waveform`, through a temporary WAV file since not every player reads every format.
  public func play(_ waveform: Waveform) throws {
    stop()
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-\(UUID().uuidString).wav")
    try AudioFile.write(waveform, to: file)
    temporary = file
    let process = Process()
    process.executableURL = executable
    process.arguments =
      (Self.candidates.first { $0.program == program }?.arguments ?? [])
      + [file.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      stop()
      throw AudioError(file: executable.path, reason: "cannot start; expected a sound player")
    }
    self.process = process
  }

  /// Silence; nothing happens when nothing plays.
  public func stop() {
    if let process, process.isRunning {
      // KILL, since a child inherits the signals its parent blocks, TERM among them.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    process = nil
    if let temporary { try? FileManager.default.removeItem(at: temporary) }
    temporary = nil
  }
}
