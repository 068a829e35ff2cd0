import Foundation

/// Plays sounds with an external player such as `aplay`. Use it from one thread.
public final class Player {
  /// The name of the program found, such as "aplay".
  public let program: String

  private let executable: URL
  private var process: Process?
  private var temporary: URL?

  private static let candidates: [(program: String, arguments: [String])] = [
    ("pw-play", []), ("paplay", []), ("aplay", ["-q"]),
    ("ffplay", ["-nodisp", "-autoexit", "-loglevel", "quiet"]), ("play", ["-q"]),
  ]

  /// Finds a player in the folders of `path`, by default `$PATH`; nil if there is none.
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

  /// Whether a sound is playing.
  public var isPlaying: Bool { process?.isRunning ?? false }

  /// Plays a file from the start and stops the previous sound.
  ///
  /// - Throws: ``AudioError`` if the file cannot be read or the player cannot start.
  public func play(_ url: URL) throws { try play(try AudioFile.read(url)) }

  /// Plays a waveform and stops the previous sound. It is written to a temporary WAV file, since
  /// not every player reads every format.
  ///
  /// - Throws: ``AudioError`` if the file cannot be written or the player cannot start.
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

  /// Stops the sound, if any.
  public func stop() {
    if let process, process.isRunning {
      // SIGKILL, since a child inherits the signals that its parent blocks, including SIGTERM.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    process = nil
    if let temporary { try? FileManager.default.removeItem(at: temporary) }
    temporary = nil
  }
}
