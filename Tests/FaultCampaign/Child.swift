// A process under test: started, watched, ended, and what it took.
import Foundation

/// How a process ended, and what it said.
struct Ending {
  /// The exit status; 128 and the number of the signal that ended it.
  var status: Int32
  var isSignalled = false
  /// It had to be ended because it took too long.
  var isHang = false
  var processorSeconds = 0.0
  var peakMiB = 0
  var out = ""
  var err = ""

  /// Lines of the program that say what is wrong.
  var complaints: [Substring] { err.split(separator: "\n").filter { $0.contains("scant:") } }

  /// In few words, for a report.
  var summary: String {
    let last = err.split(separator: "\n").suffix(2).joined(separator: " | ")
    let how = isHang ? "does not end" : isSignalled ? "signal \(status - 128)" : "status \(status)"
    return "\(how): \(last.suffix(300))"
  }
}

struct CampaignError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Used by one thread. It leads a process group, which is ended with it.
final class Child {
  let id: pid_t
  private let out, err: String
  private var ended: Ending?

  /// Processor seconds that no healthy process of the campaign comes near.
  private static let mostProcessorSeconds: rlim_t = 40
  /// Wall seconds after which a process hangs, however busy the machine is.
  static let patience = 90.0

  /// `arguments` begins with the program. A `terminal` becomes the controlling one of a new
  /// session and all three streams; otherwise the output goes to files in `folder`.
  init(
    _ arguments: [String], environment: [String: String], folder: URL, terminal: String? = nil
  ) throws {
    let name = UUID().uuidString
    out = folder.appendingPathComponent("\(name).out").path
    err = folder.appendingPathComponent("\(name).err").path
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, terminal ?? "/dev/null", O_RDWR, 0)
    if terminal == nil {
      posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    } else {
      for stream: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let session = terminal == nil ? POSIX_SPAWN_SETPGROUP : Self.newSession
    let signals = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(session) | Int16(signals))
    // The threads of Dispatch, from which this is called, block most signals.
    var nothingBlocked = sigset_t()
    sigemptyset(&nothingBlocked)
    posix_spawnattr_setsigmask(&attributes, &nothingBlocked)
    var ownHandling = nothingBlocked
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU] {
      sigaddset(&ownHandling, number)
    }
    posix_spawnattr_setsigdefault(&attributes, &ownHandling)
    var words = arguments.map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var id = pid_t()
    let code = posix_spawn(&id, arguments[0], &actions, &attributes, &words, &settings)
    guard code == 0 else {
      throw CampaignError("\(arguments[0]): \(String(cString: strerror(code)))")
    }
    self.id = id
  }

  deinit { if ended == nil { end() } }

  /// POSIX_SPAWN_SETSID, which the system's module of C leaves out.
  private static let newSession: Int32 = 0x80

  /// Limits of this process that its children inherit: no cores, no endless computing. Here the
  /// signal that says so is ignored.
  static func setLimits() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    var limit = rlimit()
    let processor = __rlimit_resource_t(RLIMIT_CPU.rawValue)
    getrlimit(processor, &limit)
    limit.rlim_cur = min(mostProcessorSeconds, limit.rlim_max)
    setrlimit(processor, &limit)
    signal(SIGXCPU, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  func send(_ number: Int32) { kill(id, number) }

  /// Nil while it goes on.
  func ending() -> Ending? {
    if let ended { return ended }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(id, &status, WNOHANG, &usage) == id else { return nil }
    // What it started and left behind ends with it.
    kill(-id, SIGKILL)
    let number = status & 0x7F
    var ending = Ending(status: number == 0 ? status >> 8 & 0xFF : 128 + number)
    ending.isSignalled = number != 0
    ending.isHang = number == SIGXCPU
    ending.processorSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    ending.peakMiB = usage.ru_maxrss >> 10
    ending.out = Self.text(out)
    ending.err = Self.text(err)
    ended = ending
    return ending
  }

  /// Waits for its end; ends it after `seconds`, which counts as a hang.
  func wait(atMost seconds: Double = patience) -> Ending {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if let ending = ending() { return ending }
      usleep(2000)
    }
    var ending = self.end()
    ending.isHang = true
    return ending
  }

  /// True when it ended within `seconds` of its own accord.
  func ends(within seconds: Double) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if ending() != nil { return true }
      usleep(1000)
    }
    return ending() != nil
  }

  /// Kills it and all of its group.
  @discardableResult
  func end() -> Ending {
    kill(-id, SIGKILL)
    kill(id, SIGKILL)
    while true {
      if let ending = ending() { return ending }
      usleep(1000)
    }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
  }

  /// The first two megabytes, which is more than anything here has reason to say.
  private static func text(_ path: String) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? handle.close() }
    return String(decoding: (try? handle.read(upToCount: 2 << 20)) ?? Data(), as: UTF8.self)
  }
}
