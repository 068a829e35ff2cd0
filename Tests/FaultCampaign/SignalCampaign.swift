// Signals to the workbench and to a training: the terminal is as it was, and no state is lost.
import Foundation

struct SignalCampaign: Campaign {
  static let name = "signals"
  let work: Workplace
  private let reference = Once<RunContent>()

  init(_ work: Workplace) { self.work = work }

  /// The workbench is two processes: the shell's job, and the one that draws and trains.
  private enum Receiver: String, Sendable { case outer, inner, training }

  private static let named: [(String, Int32)] = [
    ("INT", SIGINT), ("TERM", SIGTERM), ("HUP", SIGHUP), ("QUIT", SIGQUIT), ("USR1", SIGUSR1),
    ("PIPE", SIGPIPE), ("SEGV", SIGSEGV), ("ABRT", SIGABRT), ("FPE", SIGFPE), ("ILL", SIGILL),
    ("BUS", SIGBUS), ("TRAP", SIGTRAP), ("SYS", SIGSYS), ("KILL", SIGKILL),
  ]

  private static let cases: [(name: String, number: Int32, receiver: Receiver)] = {
    let brief: [(String, Receiver)] = [
      ("TERM", .training), ("HUP", .training), ("INT", .inner), ("TERM", .outer),
      ("HUP", .outer), ("SEGV", .inner), ("QUIT", .inner), ("KILL", .inner), ("KILL", .outer),
    ]
    let all =
      [("INT", .training)] + named.map { ($0.0, Receiver.outer) }
      + named.map { ($0.0, Receiver.inner) }
    let rest = all.filter { one in !brief.contains { $0.0 == one.0 && $0.1 == one.1 } }
    return (brief + rest).compactMap { name, receiver in
      named.first { $0.0 == name }.map { (name, $0.1, receiver) }
    }
  }()

  var briefCases: Int { 9 }
  /// Round after round, on another screen each time and while a run is training.
  var allCases: Int? { nil }

  func run(case number: Int, in folder: URL, _ chance: inout Chance) throws -> CaseResult {
    let (name, signal, receiver) = Self.cases[number % Self.cases.count]
    var result = CaseResult(title: "SIG\(name) to the \(receiver.rawValue) process")
    if receiver == .training {
      result.losses = try disturbTraining(signal, in: folder, &chance)
    } else {
      let isFirst = number < Self.cases.count
      let keys = isFirst ? "" : chance.pick(["1", "2", "3R", "4", "5", "6", "7", "?", "R3", "R2"])
      result.title += keys.isEmpty ? "" : " after \(keys)"
      result.losses = try disturbWorkbench(signal, receiver, keys, in: folder)
    }
    return result
  }

  // MARK: a training without a screen

  private static let recipe = TrainingRecipe(
    name: "signals", method: "mean-teacher", epochs: 60, batch: 4)

  private func disturbTraining(
    _ signal: Int32, in folder: URL, _ chance: inout Chance
  ) throws -> [String] {
    let reference = try reference.get {
      let out = work.folder / "signals-reference"
      let ending = try work.run(Self.recipe.arguments(work, out: out), in: work.folder)
      let content = RunContent(reading: out)
      guard content.isWhole else { throw CampaignError("no reference: \(ending.summary)") }
      return content
    }
    let out = folder / "run"
    let arguments = Self.recipe.arguments(work, out: out)
    guard let cut = try cut(arguments, out, by: signal, in: folder, &chance) else {
      throw CampaignError("the training is over before any signal comes")
    }
    if cut.isHang || cut.isSignalled { return ["leaves no checkpoint: \(cut.summary)"] }
    let log = (try? String(contentsOf: out / "events.jsonl", encoding: .utf8)) ?? ""
    guard log.split(separator: "\n").last?.contains("\"event\":\"bye\"") == true else {
      return ["no last word in the log: \(cut.summary)"]
    }
    let ending = try work.run(arguments, in: folder)
    if ending.status != 0 { return ["cannot be resumed: \(ending.summary)"] }
    return RunContent(reading: out).losses(against: reference)
  }

  /// How a training ended that was sent a signal after its first checkpoint; nil where it was over
  /// before the signal came, three times.
  private func cut(
    _ arguments: [String], _ out: URL, by signal: Int32, in folder: URL, _ chance: inout Chance
  ) throws -> Ending? {
    for _ in 0..<3 {
      try? FileManager.default.removeItem(at: out)
      let child = try work.start(arguments, in: folder)
      let last = (out / "last.safetensors").path
      while child.ending() == nil, !FileManager.default.fileExists(atPath: last) { usleep(2000) }
      usleep(UInt32(chance.below(100_000)))
      child.send(signal)
      let ending = child.wait()
      if ending.status != 0 { return ending }
    }
    return nil
  }

  // MARK: the workbench

  private func disturbWorkbench(
    _ signal: Int32, _ receiver: Receiver, _ keys: String, in folder: URL
  ) throws -> [String] {
    let terminal = try PseudoTerminal()
    // A shell before it, so that the terminal's session outlives it, as at a prompt.
    let shell = try Child(
      [
        "/bin/sh", "-c", "\"$0\" \"$@\"; exit $?", work.scant.path,
        try session(in: folder).path, "--sessions", folder.path,
      ],
      environment: work.environment(), folder: folder, terminal: terminal.name)
    let isUp = terminal.read(atMost: Child.patience) {
      terminal.isOnAlternateScreen && terminal.received.count > 2000 || shell.ending() != nil
    }
    guard isUp, shell.ending() == nil, let outer = Self.children(of: shell.id).first else {
      throw CampaignError("the workbench does not open")
    }
    terminal.settle()
    for key in keys {
      terminal.type(String(key))
      terminal.settle()
    }
    let inner = Self.children(of: outer).first ?? outer
    kill(receiver == .inner ? inner : outer, signal)
    if signal == SIGPIPE {
      terminal.settle()
      if shell.ending() == nil { kill(outer, SIGTERM) }
    }
    let ends = terminal.read(atMost: Self.patience) {
      !Self.isAlive(inner) && shell.ending() != nil
    }
    terminal.settle()
    if !ends { for id in [inner, outer] { kill(id, SIGKILL) } }
    return losses(ends, shell, terminal, mustSpeak: receiver == .inner && Self.kills(signal))
  }

  /// Seconds in which both processes are gone, on the busiest machine.
  private static let patience = 45.0

  private static func kills(_ signal: Int32) -> Bool {
    ![SIGINT, SIGTERM, SIGHUP, SIGPIPE].contains(signal)
  }

  private func losses(
    _ ends: Bool, _ shell: Child, _ terminal: PseudoTerminal, mustSpeak: Bool
  ) -> [String] {
    guard ends else { return ["does not end within \(Int(Self.patience)) s"] }
    var losses: [String] = []
    if !terminal.hasSameModes { losses.append("leaves other terminal modes") }
    if terminal.isOnAlternateScreen { losses.append("leaves the alternate screen on") }
    if !terminal.showsCursor { losses.append("leaves the cursor hidden") }
    if terminal.reportsMouse { losses.append("leaves the mouse reported") }
    if mustSpeak, shell.ending()?.status == 0 { losses.append("ends with status 0") }
    if mustSpeak, !terminal.lastWords.contains("scant") { losses.append("says nothing") }
    return losses.isEmpty ? [] : [losses.joined(separator: ", ")]
  }

  private func session(in folder: URL) throws -> URL {
    let place = folder / "tones"
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let text = """
      title: tones
      dataset: { id: folder, root: \(work.tones.path) }
      model: { id: cnn }
      methods: [mean-teacher]
      seeds: [0]
      training: { epochs: 4000, batch: 4, threads: 1 }

      """
    try Data(text.utf8).write(to: place / "session.yaml")
    return place
  }

  private static func children(of id: pid_t) -> [pid_t] {
    let text = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
    return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
  }

  /// A process that is dead but not yet waited for is not alive.
  private static func isAlive(_ id: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let state = text.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z" && state != "X"
  }
}
