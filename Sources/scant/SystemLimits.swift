/// Limits of the shell (`ulimit`) below which libraries trap or wait for ever: said at once.
import ArgumentParser
import Foundation
import Output

enum SystemLimits {
  /// Descriptors that a training takes at the same time, with room for threads' own.
  static let files: UInt = 32
  /// Bytes of addresses beyond those the program starts with.
  static let addresses: UInt = 256 << 20

  /// Ends the program with one line where there is too little to work with. Without the ordinary
  /// way out: what libraries do there hangs for want of the same.
  static func check() {
    guard let problem = tooFewFiles() ?? tooFewAddresses() else { return }
    Console.shared.complain(problem)
    _exit(ExitCode.failure.rawValue)
  }

  /// A low limit that may be raised is raised.
  private static func tooFewFiles() -> String? {
    guard var limit = limit(of: RLIMIT_NOFILE), limit.rlim_cur < files else { return nil }
    let asked = limit.rlim_cur
    limit.rlim_cur = min(limit.rlim_max, 256)
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    if limit.rlim_cur >= files, setrlimit(kind, &limit) == 0 { return nil }
    return "only \(asked) files may be open at a time (ulimit -n); expected \(files) or more"
  }

  /// Without addresses the libraries of linear algebra and of threads ask again for ever.
  private static func tooFewAddresses() -> String? {
    guard let limit = limit(of: RLIMIT_AS), limit.rlim_cur < UInt.max / 2 else { return nil }
    let needed = taken + addresses
    guard limit.rlim_cur < needed else { return nil }
    return "only \(limit.rlim_cur >> 20) MiB of addresses are allowed (ulimit -v); expected "
      + "\(needed >> 20) or more"
  }

  /// Bytes of addresses in use.
  private static var taken: UInt {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return 0 }
    return UInt(strtoul(line, nil, 10)) * UInt(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func limit(of kind: __rlimit_resource) -> rlimit? {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0 ? limit : nil
  }
}
