import Canvas
import Formats
import Foundation
import Lab
import Output
import Panes

/// One frame of a recorded run as text or as a picture, without a terminal: workbench and engine
/// answer each other until no request is left. No clip is rendered for it.
struct FrameDump {
  private var bench: Workbench
  private let engine: LabEngine
  private let screen: Screen
  private let size: (width: Int, height: Int)

  /// Asked for and answered at most so often; a frame needs three rounds.
  private static let rounds = 20

  /// `session`: the run's own, or one of it alone.
  init(
    _ recording: Recording, in session: Session, shelves: [URL], screen: Screen,
    size: (width: Int, height: Int)
  ) {
    self.screen = screen
    self.size = size
    let own = recording.recipe.flatMap { $0.outside == nil ? $0 : nil }
    bench = Workbench(
      recipe: own ?? Recipe(), catalog: .standard, session: session.name,
      runs: session.summaries())
    // Whatever a model predicts, the model is that of this run.
    var alone = session
    alone.runs.removeAll { $0.name != recording.run }
    engine = LabEngine(
      session: alone, runs: session.folder.appendingPathComponent("runs"), renders: false,
      shelves: shelves)
    bench.resize(width: size.width, height: size.height)
    bench.tick(0)
  }

  /// The run after step `step`, or at its end, and after the keys of a script.
  mutating func grid(
    _ recording: Recording, at step: Int?, _ glyphs: GlyphSet, keys script: KeyScript? = nil
  ) -> Grid {
    var effects = screen.showsData && recording.recipe?.outside == nil ? bench.open() : []
    effects += bench.apply(.recording(recording))
    if let step { bench.seek(step: step) }
    effects += bench.perform(screen.action)
    settle(effects)
    bench.tick(60)  // what is only said for a while is gone
    for step in script?.steps ?? [] {
      switch step {
      case .key(let key): settle(bench.handle(key))
      case .action(let id): settle(bench.perform(id))
      case .wait(let seconds): bench.tick(60 + seconds)
      }
    }
    return bench.draw(width: size.width, height: size.height, glyphs: glyphs)
  }

  private mutating func settle(_ first: [Effect]) {
    var effects = first
    for _ in 0..<Self.rounds where !effects.isEmpty { effects = answers(to: effects) }
  }

  /// The next effects, after the answers to these.
  private mutating func answers(to effects: [Effect]) -> [Effect] {
    for case .engine(let request) in effects where isNeeded(request) { engine.send(request) }
    engine.waitForLookups()
    var next: [Effect] = []
    for message in engine.mailbox.drain() {
      if case .problem(let problem) = message { Console.shared.complain(problem.text) }
      if case .session = message { continue }  // the engine knows of this run alone
      next += bench.apply(message)
    }
    return next
  }

  private func isNeeded(_ request: Request) -> Bool {
    switch request {
    case .sessions(.list), .sessions(.compare), .sessions(.verdict), .guide: true
    case .openDataset, .inspect, .run(.predict): screen.showsData
    default: false
    }
  }
}

extension Screen {
  /// `train`, as `--screen` names it.
  static let names = allCases.map(\.name)

  /// Whether its frame needs the data set, and not the log alone.
  var showsData: Bool { [.data, .method, .clips, .missing].contains(self) }
}

/// Keys from a file, for demonstrations and tests. A line holds the label of a key (`R`, `space`,
/// `C-l`), the name of an action (`showTrain`), `wait 2` for two seconds, or a comment after `#`.
struct KeyScript {
  enum Step: Equatable {
    case key(Key)
    case action(Action.ID)
    /// Seconds.
    case wait(Double)
  }

  private(set) var steps: [Step]

  /// Throws a `Problem` with file and line if a word is not a key, an action or a wait.
  init(file: String) throws {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Problem(file, line: nil, "cannot be read; expected key names")
    }
    steps = try text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated().compactMap { number, line in
        try Self.step(line.trimmingCharacters(in: .whitespaces), file, number + 1)
      }
  }

  /// The next step, taken off the list.
  mutating func next() -> Step? { steps.isEmpty ? nil : steps.removeFirst() }

  private static func step(_ line: String, _ file: String, _ number: Int) throws -> Step? {
    if line.isEmpty || line.hasPrefix("#") { return nil }
    let words = line.split(separator: " ").map(String.init)
    if words.count == 2, words[0] == "wait", let seconds = Double(words[1]), seconds >= 0 {
      return .wait(min(seconds, 3600))
    }
    if let id = Action.ID(rawValue: line) { return .action(id) }
    if let key = Key(label: line) { return .key(key) }
    throw Problem(
      file, line: number,
      "'\(line)' is no key; expected a label such as R, space, C-l, an action's name, "
        + "or 'wait SECONDS'")
  }
}
