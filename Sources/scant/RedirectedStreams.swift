import Formats
import Foundation
import Terminal

/// Keeps stray output of libraries off the screen while ncurses owns it: stdout and stderr go to a
/// log file, the terminal keeps a descriptor of its own.
final class RedirectedStreams {
  /// For ncurses.
  let terminal: Int32
  private let error: Int32

  /// Throws when the system is out of descriptors.
  init() throws {
    terminal = dup(STDOUT_FILENO)
    error = dup(STDERR_FILENO)
    guard terminal >= 0, error >= 0 else {
      throw TerminalError("no descriptor is left for the terminal")
    }
    fflush(nil)
    let log = Self.log()
    guard log >= 0 else { return }
    dup2(log, STDOUT_FILENO)
    dup2(log, STDERR_FILENO)
    Foundation.close(log)
  }

  func restore() {
    fflush(nil)
    dup2(terminal, STDOUT_FILENO)
    dup2(error, STDERR_FILENO)
  }

  deinit {
    Foundation.close(terminal)
    Foundation.close(error)
  }

  /// `$XDG_CACHE_HOME/scant/scant.log`, made new; `/dev/null` where that cannot be.
  static func log() -> Int32 {
    // Where the folder cannot be made, opening the file says so.
    try? FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let log = Foundation.open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    return log >= 0 ? log : Foundation.open("/dev/null", O_WRONLY | O_CLOEXEC)
  }

  static let file = UserFolders().cache.appendingPathComponent("scant.log")
}

/// Descriptors 0 to 2 of a program that was started without some of them (`scant table x >&-`).
enum StandardStreams {
  /// What is closed is taken before any file gets its number and words end up in that. Reading
  /// from it or writing to it is an error, as it is with a closed one.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
