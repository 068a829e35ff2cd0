// The library that makes system calls fail: compiled once, by the toolchain's own C compiler.
import Foundation

struct Preload: Sendable {
  /// A call that can be disturbed.
  enum Call: String, CaseIterable, Sendable {
    case open, read, write, close, fsync, rename, flock, mkdir
  }

  /// What happens to the `number`th call on files below `folder`, and to those after it.
  struct Disturbance: Sendable {
    var call: Call
    var folder: URL
    var number: Int
    /// Nil ends the process by SIGKILL.
    var code: Int32?
    var keepsOn = false

    var title: String {
      let what = code.map { String(cString: strerror($0)) } ?? "killed"
      return "\(call.rawValue) \(number) in \(folder.lastPathComponent): \(what)"
        + (keepsOn ? " from then on" : "")
    }
  }

  private let library: URL

  /// Throws where there is no C compiler.
  init(in folder: URL, source: URL) throws {
    library = folder / "failing-calls.so"
    let compiler = try Self.compiler()
    let child = try Child(
      [compiler, "-shared", "-fPIC", "-O1", source.path, "-o", library.path, "-ldl"],
      environment: ProcessInfo.processInfo.environment, folder: folder)
    let ending = child.wait()
    guard ending.status == 0 else { throw CampaignError("\(compiler): \(ending.summary)") }
  }

  func environment(_ disturbance: Disturbance) -> [String: String] {
    var words = [
      "LD_PRELOAD": library.path, "FAULT_CALL": disturbance.call.rawValue,
      "FAULT_PATH": disturbance.folder.path, "FAULT_AT": "\(disturbance.number)",
    ]
    if let code = disturbance.code {
      words["FAULT_ERRNO"] = "\(code)"
    } else {
      words["FAULT_KILL"] = "1"
    }
    if disturbance.keepsOn { words["FAULT_REST"] = "1" }
    return words
  }

  /// Disturbs nothing and writes how many calls there were below `folder`.
  func counting(_ folder: URL, to file: URL) -> [String: String] {
    ["LD_PRELOAD": library.path, "FAULT_PATH": folder.path, "FAULT_COUNTS": file.path]
  }

  static func counts(_ file: URL) throws -> [Call: Int] {
    var counts: [Call: Int] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2, let call = Call(rawValue: String(words[0])) else { continue }
      counts[call] = Int(words[1])
    }
    return counts
  }

  /// `clang` of the toolchain, or whatever else compiles C here.
  private static func compiler() throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let folders = path.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let toolchains = folders.map { ($0 / "swift").resolvingSymlinksInPath() }
      .map { $0.deletingLastPathComponent() }
    for name in ["clang", "cc", "gcc"] {
      for folder in folders + toolchains where access((folder / name).path, X_OK) == 0 {
        return (folder / name).path
      }
    }
    throw CampaignError("no C compiler on PATH; expected the toolchain's clang")
  }
}
