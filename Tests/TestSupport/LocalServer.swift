// A web server on this machine for tests of downloads: ranges, redirects, broken connections.
import Foundation
import Synchronization

/// Answers requests on a port of its own until it is released, one connection at a time. It also
/// answers requests meant for other hosts, as a proxy does.
public final class LocalServer: Sendable {
  public struct Request: Sendable {
    /// The path, or the whole address if the server is used as a proxy.
    public let target: String
    /// By lower-case name.
    public let headers: [String: String]

    /// The first byte that is asked for; nil without a range.
    public var start: Int? {
      headers["range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) }
    }
  }

  public struct Answer: Sendable {
    public var status = 200
    public var headers: [String: String] = [:]
    public var body: [UInt8] = []
    /// The connection ends after that many bytes of the body; nil is after all of them.
    public var cut: Int?
    /// Whether the server waits after the cut until the other side has gone.
    public var stalls = false

    public init(_ status: Int = 200, _ headers: [String: String] = [:]) {
      (self.status, self.headers) = (status, headers)
    }

    /// A file, from the byte that is asked for on.
    public static func file(_ bytes: [UInt8], _ request: Request, tag: String? = nil) -> Answer {
      var answer = Answer()
      answer.headers["ETag"] = tag
      answer.body = bytes
      let isSameVersion = request.headers["if-range"].map { $0 == tag } ?? true
      guard let start = request.start, isSameVersion else { return answer }
      guard start < bytes.count else { return Answer(416) }
      answer.status = 206
      answer.headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
      answer.body = Array(bytes[start...])
      return answer
    }
  }

  public let port: UInt16
  private let listener: Int32
  private let log = Mutex<[Request]>([])
  private let handler: @Sendable (Request) -> Answer

  /// All requests so far.
  public var requests: [Request] { log.withLock { $0 } }

  public var address: String { "http://127.0.0.1:\(port)" }

  public init(_ handler: @escaping @Sendable (Request) -> Answer) throws {
    (listener, port) = try Self.listening()
    self.handler = handler
    let listener = listener
    let thread = Thread { [weak self] in
      while true {
        let peer = accept(listener, nil, nil)
        guard peer >= 0 else {
          if errno == EINTR { continue }
          return
        }
        self?.serve(peer)
        close(peer)
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// A port on which nobody listens.
  public static func closedPort() throws -> UInt16 {
    let (listener, port) = try listening()
    close(listener)
    return port
  }

  private static func listening() throws -> (Int32, UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let failed = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) != 0 || listen(listener, 16) != 0
          || getsockname(listener, $0, &length) != 0
      }
    }
    guard listener >= 0, !failed else { throw CocoaError(.fileWriteUnknown) }
    return (listener, UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ peer: Int32) {
    guard let request = Self.request(peer) else { return }
    log.withLock { $0.append(request) }
    let answer = handler(request)
    var head = "HTTP/1.1 \(answer.status) Answer\r\nConnection: close\r\n"
    head += "Content-Length: \(answer.body.count)\r\n"
    for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
    Self.write(Array((head + "\r\n").utf8) + answer.body.prefix(answer.cut ?? .max), peer)
    var byte: UInt8 = 0
    if answer.stalls { while recv(peer, &byte, 1, 0) > 0 {} }
  }

  /// Nil if the other side has gone before the end of the headers.
  private static func request(_ peer: Int32) -> Request? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = recv(peer, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
        .trimmingCharacters(in: .whitespaces)
    }
    return Request(target: String(words[1]), headers: headers)
  }

  private static func write(_ bytes: [UInt8], _ peer: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
