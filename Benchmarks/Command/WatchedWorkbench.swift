/// The workbench on a terminal that is watched, in a folder of its own.
import Foundation
import Lab
import Terminal

/// Removed with what is in it at the end.
final class BenchFolder {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("scant-bench-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// The program that is measured lies beside this one.
  private static let scant = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("scant")

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A session of one long run on the built-in data set.
  func session(threads: Int) throws -> String {
    let text = """
      title: What a screen costs
      dataset: { id: band }
      model: { id: cnn }
      methods: [mean-teacher]
      seeds: [0]
      training: { epochs: 100000, threads: \(threads) }
      """
    let session = url.appendingPathComponent("session.yaml")
    try Data(text.utf8).write(to: session)
    return session.path
  }

  /// A copy of a session that comes with the program, without its runs.
  func copy(of name: String) throws -> String {
    var package = Self.scant
    while package.path != "/" {
      package.deleteLastPathComponent()
      let source = package.appendingPathComponent("sessions/\(name)/session.yaml")
      guard FileManager.default.fileExists(atPath: source.path) else { continue }
      let folder = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let copy = folder.appendingPathComponent("session.yaml")
      try FileManager.default.copyItem(at: source, to: copy)
      return copy.path
    }
    throw LabError("\(name): no such session beside the program; expected sessions/\(name)")
  }

  /// The workbench, with settings of its own and the person's features and sounds; `isFirst`:
  /// without them, as on a new machine.
  func open(
    _ arguments: [String], width: Int = 120, height: Int = 40, isFirst: Bool = false
  ) throws -> WatchedProgram {
    var environment = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "COLORTERM", "FORCE_COLOR", "CLICOLOR_FORCE", "SSH_CONNECTION"] {
      environment[name] = nil
    }
    environment["TERM"] = "xterm-256color"
    environment["SCANT_DIRECT"] = "1"
    environment["LANG"] = "C.UTF-8"
    environment["XDG_CONFIG_HOME"] = url.appendingPathComponent("config").path
    if isFirst { environment["XDG_CACHE_HOME"] = url.appendingPathComponent("cache").path }
    let marks = ["--frame-marks", "\(FrameMark.descriptor)"]
    return try WatchedProgram(
      [Self.scant.path] + arguments + marks, environment: environment, width: width,
      height: height)
  }
}

extension WatchedProgram {
  /// Waits until nothing has come for so long, two seconds at most: a training always tells.
  func settle(_ seconds: Double = 0.3) {
    let end = Self.now + 2
    while Self.now < end, watch(seconds, until: { _ in true }) != nil {}
  }

  /// Processor time of the thread that draws, s; to the nanosecond where the kernel tells it.
  var drawingSeconds: Double {
    let words = file("schedstat").split(separator: " ")
    if let nanoseconds = words.first.flatMap({ Double($0) }), nanoseconds > 0 {
      return nanoseconds * 1e-9
    }
    // Fields 14 and 15 of stat, in hundredths of a second; the name before them may hold spaces.
    let rest = file("stat").split(separator: ")").last?.split(separator: " ") ?? []
    let ticks = rest.count > 12 ? (Double(rest[11]) ?? 0) + (Double(rest[12]) ?? 0) : 0
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// How often the thread that draws went to sleep.
  var sleeps: Double { field("voluntary_ctxt_switches:") }

  /// MiB that the process holds in memory.
  var residentMiB: Double { field("VmRSS:") / 1024 }

  /// Of the process's first thread, which draws.
  private func file(_ name: String) -> String {
    (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/\(name)", encoding: .utf8)) ?? ""
  }

  private func field(_ name: String) -> Double {
    let line = file("status").split(separator: "\n").first { $0.hasPrefix(name) }
    let words = line?.split(whereSeparator: { " \t".contains($0) }) ?? []
    return words.count > 1 ? Double(words[1]) ?? .nan : .nan
  }
}
