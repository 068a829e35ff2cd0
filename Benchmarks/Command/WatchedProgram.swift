import CNcurses
import Glibc
// A program on a terminal of its own, whose other end is read: what it sends, when, how much.
import Terminal

/// Runs the workbench as a person would, and times it. Used on one thread.
final class WatchedProgram {
  /// One picture as it arrived. Moments are seconds of the monotonic clock.
  struct Frame: Sendable {
    /// What the program said of it.
    let mark: FrameMark
    let bytes: Int
    let first, complete: Double
  }

  let pid: pid_t
  let started: Double
  private(set) var frames: [Frame] = []
  /// Keys typed so far.
  private(set) var keys = 0
  private let outer, marks: Int32
  private var bytes = 0
  private var first: Double?
  private var line: [UInt8] = []

  /// Starts `arguments` (the first one is the program) with a terminal of that size as its
  /// controlling one, and `FrameMark`s on descriptor 3.
  init(_ arguments: [String], environment: [String: String], width: Int, height: Int) throws {
    var size = winsize(
      ws_row: UInt16(clamping: height), ws_col: UInt16(clamping: width), ws_xpixel: 0,
      ws_ypixel: 0)
    var (outer, inner): (Int32, Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 256)
    var ends: [Int32] = [-1, -1]
    guard openpty(&outer, &inner, &name, nil, &size) == 0, pipe(&ends) == 0 else {
      throw TerminalError("no pseudo-terminal can be had; expected /dev/ptmx")
    }
    // The program has descriptors of its own.
    for descriptor in [outer, inner] + ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    (self.outer, marks) = (outer, ends[0])
    started = Self.now
    pid = try Self.spawn(arguments, environment, terminal: name, marks: ends[1])
    for descriptor in [inner, ends[1]] { close(descriptor) }
  }

  deinit {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    close(outer)
    close(marks)
  }

  func type(_ text: String) {
    keys += text.count
    _ = write(outer, text, text.utf8.count)
  }

  func resize(width: Int, height: Int) {
    _ = scant_resize(outer, Int32(width), Int32(height))
  }

  /// Reads what comes for at most so many seconds; the first frame that is wanted ends it.
  @discardableResult
  func watch(_ seconds: Double, until isWanted: (Frame) -> Bool = { _ in false }) -> Frame? {
    let end = Self.now + seconds
    var seen = frames.count
    while true {
      while seen < frames.count {
        seen += 1
        if isWanted(frames[seen - 1]) { return frames[seen - 1] }
      }
      let left = end - Self.now
      guard left > 0, read(within: left) else { return nil }
    }
  }

  /// Types a key and waits for the picture that has it.
  func press(_ key: String, within seconds: Double = 5) -> (typed: Double, frame: Frame)? {
    let typed = Self.now
    type(key)
    return watch(seconds) { [keys] in $0.mark.keys >= keys }.map { (typed, $0) }
  }

  // MARK: the other end

  /// False when the program is gone.
  private func read(within seconds: Double) -> Bool {
    var entries = [outer, marks].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let found = poll(&entries, 2, Int32(min(1e6, (seconds * 1000).rounded(.up))))
    guard found > 0 else { return found == 0 || errno == EINTR }
    let now = Self.now
    // Bytes first: a mark is written behind those of its picture.
    if entries[0].revents & Int16(POLLIN) != 0 || entries[1].revents & Int16(POLLIN) != 0 {
      drain(at: now)
    }
    if entries[1].revents & Int16(POLLIN) != 0 { return readMarks(at: now) }
    return (entries[0].revents | entries[1].revents) & Int16(POLLHUP | POLLERR) == 0
  }

  private func drain(at now: Double) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while scant_waiting(outer) > 0 {
      let count = Glibc.read(outer, &buffer, buffer.count)
      guard count > 0 else { return }
      answer(buffer[..<count])
      if first == nil { first = now }
      bytes += count
    }
  }

  /// Answers the question for the kind of terminal (DA1) at once, as terminals do. It comes before
  /// the first picture.
  private func answer(_ bytes: ArraySlice<UInt8>) {
    guard frames.isEmpty else { return }
    let question = Array("\u{1B}[c".utf8)
    let isAsked = bytes.indices.contains { bytes[$0...].starts(with: question) }
    guard isAsked else { return }
    let kind = Array("\u{1B}[?62c".utf8)
    _ = write(outer, kind, kind.count)
  }

  private func readMarks(at now: Double) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(marks, &buffer, buffer.count)
    guard count > 0 else { return false }
    for byte in buffer[..<count] {
      guard byte == UInt8(ascii: "\n") else {
        line.append(byte)
        continue
      }
      if let mark = FrameMark(String(decoding: line, as: UTF8.self)) {
        frames.append(Frame(mark: mark, bytes: bytes, first: first ?? now, complete: now))
        (bytes, first) = (0, nil)
      }
      line = []
    }
    return true
  }

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension WatchedProgram {
  /// `POSIX_SPAWN_SETSID` of the C library, which shows it to C with GNU extensions alone.
  private static let newSession: Int16 = 0x80

  /// In a session of its own, so that the first terminal it opens becomes its controlling one.
  private static func spawn(
    _ arguments: [String], _ environment: [String: String],
    terminal: [CChar], marks: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    for descriptor: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, 0, descriptor) }
    posix_spawn_file_actions_adddup2(&actions, marks, FrameMark.descriptor)
    // As the launcher starts it: no thread made before `main` may be given a signal.
    var mask = Signals.mask
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK))
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
    guard failure == 0 else {
      throw TerminalError("\(arguments[0]): \(String(cString: strerror(failure)))")
    }
    return pid
  }
}
