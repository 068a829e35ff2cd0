// A socket in a run's folder through which its process takes commands. Only its owner can connect.
import Foundation

/// Descriptors of sockets named by `RunFolder.control`. The folder is held open and the socket
/// addressed through it, since an address holds a hundred characters and a path many more.
enum LocalSocket {
  /// A listening socket, mode 0600; replaces the socket of a dead process. The caller holds the
  /// run's lock, so no other process listens.
  static func listen(in folder: RunFolder) throws -> Int32 {
    try within(folder) { directory, address in
      unlinkat(directory, RunFolder.controlName, 0)
      let descriptor = try make()
      // The file is created with this mode, so that others can connect at no time.
      fchmod(descriptor, 0o600)
      guard bind(descriptor, to: address), chmod(path(directory), 0o600) == 0,
        Glibc.listen(descriptor, 128) == 0
      else { throw failure(closing: descriptor, folder) }
      return descriptor
    }
  }

  /// A connected socket with a time-out of two seconds. Throws if nobody listens.
  static func connect(to folder: RunFolder) throws -> Int32 {
    try within(folder) { _, address in
      let descriptor = try make(isBlocking: true)
      var patience = timeval(tv_sec: 2, tv_usec: 0)
      let size = socklen_t(MemoryLayout<timeval>.size)
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
      setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
      let isConnected = withPointer(to: address) { Glibc.connect(descriptor, $0, $1) == 0 }
      guard isConnected else { throw failure(closing: descriptor, folder) }
      return descriptor
    }
  }

  /// Removes the socket's name.
  static func remove(from folder: RunFolder) { unlink(folder.control.path) }

  private static func make(isBlocking: Bool = false) throws -> Int32 {
    let kind =
      SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, Int32(kind), 0)
    guard descriptor >= 0 else { throw LabError("no socket: \(String(cString: strerror(errno)))") }
    return descriptor
  }

  private static func within<T>(
    _ folder: RunFolder, _ body: (Int32, sockaddr_un) throws -> T
  ) throws -> T {
    let directory = open(folder.url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else {
      throw LabError("\(folder.url.path): \(String(cString: strerror(errno))); expected a folder")
    }
    defer { close(directory) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path(directory).utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: name.prefix(bytes.count - 1))
    }
    return try body(directory, address)
  }

  private static func path(_ directory: Int32) -> String {
    "/proc/self/fd/\(directory)/\(RunFolder.controlName)"
  }

  private static func bind(_ descriptor: Int32, to address: sockaddr_un) -> Bool {
    withPointer(to: address) { Glibc.bind(descriptor, $0, $1) == 0 }
  }

  private static func withPointer<T>(
    to address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
  ) -> T {
    var address = address
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }

  private static func failure(closing descriptor: Int32, _ folder: RunFolder) -> LabError {
    let reason = String(cString: strerror(errno))
    close(descriptor)
    return LabError("\(folder.control.path): \(reason); expected the socket of a run")
  }
}
