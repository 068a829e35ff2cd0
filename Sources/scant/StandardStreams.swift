/// Descriptors 0 to 2 of a program that was started without some of them (`scant table x >&-`).
import Foundation

enum StandardStreams {
  /// What is closed is taken before any file gets its number and words end up in that. Reading
  /// from it or writing to it is an error, as it is with a closed one.
  static func occupy() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
