// A program that runs beside this one and can be stopped.
import Formats
import Foundation

/// `curl`, `tar` and the programs that compute digests.
struct ChildProgram {
  struct Outcome {
    /// The exit status; 128 + the number of the signal that ended the program.
    let status: Int32
    let output: String
    /// The last kilobytes of what it says is wrong.
    let complaint: String
  }

  /// The words of the command; the first is looked for in `PATH`.
  let command: [String]
  let environment: [String: String]

  private static let pollMicroseconds: UInt32 = 5_000
  private static let signalMicroseconds: UInt32 = 50_000

  /// Runs the program without input. `tick` is called many times a second; if it returns false, the
  /// program is killed and `CancellationError` is thrown. Throws `Problem` if there is no program.
  func run(_ arguments: [String], tick: () throws -> Bool) throws -> Outcome {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = command.dropFirst() + arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let (output, complaint) = (Drain(), Drain())
    process.standardOutput = output.pipe
    process.standardError = complaint.pipe
    do { try process.run() } catch {
      throw Problem(
        command[0], "cannot be started (\(SystemWords.of(error))); expected a program in PATH")
    }
    while process.isRunning {
      output.read()
      complaint.read()
      do { guard try tick() else { throw CancellationError() } } catch {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        throw error
      }
      usleep(Self.pollMicroseconds)
    }
    output.read()
    complaint.read()
    let isSignal = process.terminationReason == .uncaughtSignal
    if isSignal {
      // Ctrl-C ends the program too, perhaps before it is known here.
      usleep(Self.signalMicroseconds)
      guard try tick() else { throw CancellationError() }
    }
    return Outcome(
      status: process.terminationStatus + (isSignal ? 128 : 0), output: output.text,
      complaint: complaint.text)
  }

  private func executable() throws -> URL {
    let name = command[0]
    guard !name.contains("/") else { return URL(fileURLWithPath: name) }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    for folder in folders where access("\(folder)/\(name)", X_OK) == 0 {
      return URL(fileURLWithPath: "\(folder)/\(name)")
    }
    throw Problem(name, "not found in PATH; expected \(name) to be installed")
  }
}

/// One end of a pipe that is emptied without waiting, so that a talkative program never stops.
private final class Drain {
  let pipe = Pipe()
  private var bytes: [UInt8] = []
  private static let kept = 4096

  init() {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  var text: String {
    String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(pipe.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
      guard count > 0 else { return }
      bytes = (bytes + buffer[..<count]).suffix(Self.kept)
    }
  }
}
