// A connection to the control socket of a run, with any manners.
import Foundation

/// Used by one thread; closed with its last reference.
final class ControlPeer {
  private let descriptor: Int32

  /// Nil where nobody listens or listening peers are full.
  init?(_ run: URL) {
    // The socket is addressed through its folder: an address holds a hundred characters.
    let folder = open(run.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    defer { close(folder) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array("/proc/self/fd/\(folder)/.control".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return nil }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, size) == 0
      }
    }
    guard isConnected else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// As much as goes without waiting long; false when the other end is gone or full.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var at = 0
    var attempts = 0
    while at < bytes.count, attempts < 200 {
      let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
      let count = bytes[at...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
      }
      if count > 0 {
        at += count
        attempts = 0
      } else if count < 0, errno == EAGAIN {
        attempts += 1
        usleep(1000)
      } else {
        return false
      }
    }
    return at == bytes.count
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// The first line that comes back; nil where none does.
  func answer(within milliseconds: Int32) -> String? {
    var answer: [UInt8] = []
    while answer.last != UInt8(ascii: "\n") {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, milliseconds) > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &bytes, bytes.count, 0)
      guard count > 0 else { return nil }
      answer += bytes[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
