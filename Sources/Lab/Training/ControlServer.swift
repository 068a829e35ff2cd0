// Takes commands for a run from other processes of the same user. Invalid commands are refused, and
// a connection that sends too much is closed. No input can end the process.
import Dispatch
import Foundation

/// Sendable because everything but `folder`, `queue` and `handle` is touched on `queue` alone.
package final class ControlServer: @unchecked Sendable {
  /// A connection and the start of its next line.
  private struct Peer {
    let source: any DispatchSourceRead
    var line = Data()
    /// The time of its newest whole line, or of its start.
    var heard = DispatchTime.now()
  }

  private let folder: RunFolder
  private let queue = DispatchQueue(label: "scant.control", qos: .utility)
  private let handle: @Sendable (RunCommand) -> ControlAnswer
  private var listener: (any DispatchSourceRead)?
  private var peers: [Int32: Peer] = [:]

  /// Maximum bytes of a line, and connections at a time.
  package static let longestLine = 256 << 10, mostPeers = 16
  /// Seconds without a whole line after which a connection is closed.
  package static let patience = 10.0
  private let patience: Double

  /// `handle` is called on the server's queue.
  package init(
    _ folder: RunFolder, patience: Double = ControlServer.patience,
    handle: @escaping @Sendable (RunCommand) -> ControlAnswer
  ) throws {
    self.folder = folder
    self.patience = patience
    self.handle = handle
    let descriptor = try LocalSocket.listen(in: folder)
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { [weak self] in self?.accept(descriptor) }
    source.setCancelHandler { Foundation.close(descriptor) }
    listener = source
    source.activate()
  }

  deinit {
    listener?.cancel()
    for peer in peers.values { peer.source.cancel() }
  }

  /// Stops taking commands and removes the socket.
  package func close() {
    LocalSocket.remove(from: folder)
    queue.async {
      self.listener?.cancel()
      self.listener = nil
      for descriptor in self.peers.keys { self.drop(descriptor) }
    }
  }

  private func accept(_ listener: Int32) {
    dispatchPrecondition(condition: .onQueue(queue))
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      if peers.count >= Self.mostPeers { makeRoom() }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler { [weak self] in self?.read(descriptor) }
      source.setCancelHandler { Foundation.close(descriptor) }
      if peers.isEmpty { planSweep() }
      peers[descriptor] = Peer(source: source)
      source.activate()
    }
  }

  /// Closes the connection that has been silent longest, after its pending lines are answered, so
  /// that silent connections do not block others.
  private func makeRoom() {
    dispatchPrecondition(condition: .onQueue(queue))
    guard let oldest = peers.min(by: { $0.value.heard < $1.value.heard })?.key else { return }
    read(oldest)
    drop(oldest)
  }

  /// Closes silent connections from time to time, while there are connections.
  private func planSweep() {
    dispatchPrecondition(condition: .onQueue(queue))
    queue.asyncAfter(deadline: .now() + patience / 2) { [weak self] in
      guard let self, !peers.isEmpty else { return }
      let latest = DispatchTime.now()
      for (descriptor, peer) in peers where peer.heard + patience <= latest { drop(descriptor) }
      if !peers.isEmpty { planSweep() }
    }
  }

  private func drop(_ descriptor: Int32) {
    dispatchPrecondition(condition: .onQueue(queue))
    peers.removeValue(forKey: descriptor)?.source.cancel()
  }

  private func read(_ descriptor: Int32) {
    dispatchPrecondition(condition: .onQueue(queue))
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0 else {
      if count == 0 || (errno != EAGAIN && errno != EINTR) { drop(descriptor) }
      return
    }
    peers[descriptor]?.line.append(contentsOf: bytes[..<count])
    while let line = nextLine(descriptor) {
      guard answer(line, descriptor) else { return drop(descriptor) }
    }
    if peers[descriptor]?.line.count ?? 0 > Self.longestLine { drop(descriptor) }
  }

  private func nextLine(_ descriptor: Int32) -> Data? {
    dispatchPrecondition(condition: .onQueue(queue))
    guard let line = peers[descriptor]?.line, let end = line.firstIndex(of: EventLog.newline)
    else { return nil }
    peers[descriptor]?.line = Data(line[line.index(after: end)...])
    peers[descriptor]?.heard = .now()
    return line[..<end]
  }

  /// False if the answer could not be sent.
  private func answer(_ line: Data, _ descriptor: Int32) -> Bool {
    let reply: ControlAnswer
    do { reply = handle(try RunCommand(line: line)) } catch { reply = ControlAnswer("\(error)") }
    guard var answer = try? JSONEncoder().encode(reply) else { return false }
    answer.append(EventLog.newline)
    let sent = answer.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, quietly) }
    return sent == answer.count
  }
}

/// No SIGPIPE if the reader has closed its end.
private let quietly = Int32(MSG_NOSIGNAL)

/// The other end: one command to the process that trains a run.
package enum ControlClient {
  /// Throws one line if nobody listens or the command is refused.
  @discardableResult
  package static func send(
    _ command: RunCommand, to folder: RunFolder
  ) throws -> ControlAnswer {
    let descriptor = try LocalSocket.connect(to: folder)
    defer { close(descriptor) }
    let line = try command.line() + Data([EventLog.newline])
    let sent = line.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, quietly) }
    guard sent == line.count else {
      throw LabError("\(folder.name): the command did not get through; expected its process to run")
    }
    var answer = Data()
    var bytes = [UInt8](repeating: 0, count: 4096)
    while answer.last != EventLog.newline, answer.count < 64 << 10 {
      let count = read(descriptor, &bytes, bytes.count)
      guard count > 0 else {
        throw LabError("\(folder.name): no answer; expected its process to take commands")
      }
      answer.append(contentsOf: bytes[..<count])
    }
    let reply = try? JSONDecoder().decode(ControlAnswer.self, from: answer)
    if let reply, reply.ok { return reply }
    throw LabError("\(folder.name): \(reply?.reason ?? "no answer that makes sense")")
  }
}
