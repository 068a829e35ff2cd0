/// One picture of a recorded run as text, without a terminal: workbench and engine answer each
/// other until nothing is left to be asked. It is a look: no clip is rendered for it.
import Canvas
import Foundation
import Lab
import Output
import Panes

struct FrameDump {
  private var bench: Workbench
  private let engine: LabEngine
  private let screen: Screen
  private let size: (width: Int, height: Int)

  /// Asked for and answered at most so often; a picture needs three rounds.
  private static let rounds = 20

  /// `session`: the run's own, or one of it alone.
  init(
    _ recording: Recording, in session: Session, shelves: [URL], screen: Screen,
    size: (width: Int, height: Int)
  ) {
    self.screen = screen
    self.size = size
    bench = Workbench(
      recipe: recording.recipe, catalog: .standard, session: session.name,
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

  /// The run as it was behind `step`, or at its end.
  mutating func lines(_ recording: Recording, at step: Int?, _ glyphs: GlyphSet) -> [String] {
    var effects = screen.showsData ? bench.open() : []
    effects += bench.apply(.recording(recording))
    if let step { bench.seek(step: step) }
    effects += bench.perform(screen.action)
    for _ in 0..<Self.rounds where !effects.isEmpty { effects = answers(to: effects) }
    bench.tick(60)  // what is only said for a while is gone
    return bench.draw(width: size.width, height: size.height, glyphs: glyphs).lines
  }

  /// What the workbench asks for next, once these are answered.
  private mutating func answers(to effects: [Effect]) -> [Effect] {
    for case .engine(let request) in effects where isNeeded(request) { engine.send(request) }
    engine.waitForLookups()
    var next: [Effect] = []
    for message in engine.mailbox.drain() {
      if case .trouble(let text) = message { Console.shared.complain(text) }
      if case .session = message { continue }  // the engine knows of this run alone
      next += bench.apply(message)
    }
    return next
  }

  private func isNeeded(_ request: Request) -> Bool {
    switch request {
    case .sessions(.list), .sessions(.compare): true
    case .openDataset, .inspect, .run(.predict): screen.showsData
    default: false
    }
  }
}

extension Screen {
  /// `train`, as `--screen` names it.
  static let names = allCases.map(\.name)

  /// Whether its picture needs the data set, and not the log alone.
  var showsData: Bool { [.data, .method, .clips, .missing].contains(self) }
}
