/// Limits of the shell (`ulimit`) below which libraries trap or wait for ever: said at once.
import Foundation
import Lab

enum SystemLimits {
  /// Descriptors that a training takes at the same time, with room for threads' own.
  static let files: UInt = 32
  /// Bytes of addresses beyond those the program starts with.
  static let addresses: UInt = 256 << 20

  /// Throws one line where there is too little to work with.
  static func check() throws {
    try checkFiles()
    try checkAddresses()
  }

  /// A low limit that may be raised is raised.
  private static func checkFiles() throws {
    guard var limit = limit(of: RLIMIT_NOFILE), limit.rlim_cur < files else { return }
    let asked = limit.rlim_cur
    limit.rlim_cur = min(limit.rlim_max, 256)
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard limit.rlim_cur >= files, setrlimit(kind, &limit) == 0 else {
      throw LabError(
        "only \(asked) files may be open at a time (ulimit -n); expected \(files) or more")
    }
  }

  /// Without addresses the libraries of linear algebra and of threads ask again for ever.
  private static func checkAddresses() throws {
    guard let limit = limit(of: RLIMIT_AS), limit.rlim_cur < UInt.max / 2 else { return }
    let bytes = limit.rlim_cur
    guard bytes < taken + addresses else { return }
    throw LabError(
      "only \(bytes >> 20) MiB of addresses are allowed (ulimit -v); expected "
        + "\((taken + addresses) >> 20) or more")
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
