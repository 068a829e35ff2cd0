import Canvas
import Foundation
import Lab

/// Predictions of sound files that are not in the data set, as a list of their windows.
struct ScoredSounds: Sendable, Equatable {
  /// A line of the list.
  enum Line: Sendable, Equatable {
    /// The heading of a file that has several windows.
    case file(Int)
    case window(Int, of: Int)
  }

  let decision: Decision
  var found: [SoundPrediction] = []
  var lines: [Line] = []
  /// Nothing more comes.
  var isOver = false
  /// Whether the list is shown in place of the clips.
  var isShown = true

  mutating func add(_ prediction: SoundPrediction) {
    let file = found.count
    found.append(prediction)
    if prediction.windows.count != 1 { lines.append(.file(file)) }
    lines += prediction.windows.indices.map { .window($0, of: file) }
  }

  /// Calibrated probabilities of a window, or of a whole file.
  func probabilities(of line: Line) -> [Float] {
    switch line {
    case .file(let file):
      let pooled = found[file].pooled(.max)
      return decision.probabilities(pooled.student, pooled.teacher)
    case .window(let window, let file):
      let window = found[file].windows[window]
      return decision.probabilities(window.student, window.teacher)
    }
  }

  static func hear(_ message: HeldMessage, _ bench: inout Workbench) {
    switch message {
    case .soundsBegan(let decision):
      bench[.held].sounds = ScoredSounds(decision: decision)
      bench.cursors[.soundList] = 0
    case .sound(let prediction): bench[.held].sounds?.add(prediction)
    case .soundsEnded(let problems):
      bench[.held].sounds?.isOver = true
      let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
      if let first = problems.first { bench.say(first + more, isWarning: true) }
    default: break
    }
  }
}

extension ScoredSounds.Line {
  var file: Int {
    switch self {
    case .file(let file), .window(_, let file): file
    }
  }
}

/// Scoring other sound files on 4 Clips, and writing what was found.
extension Holding {
  /// Predictions of sound files that are shown in place of the clips.
  static func sounds(_ bench: Workbench) -> ScoredSounds? {
    guard bench.answering != nil, let sounds = bench[.held].sounds, sounds.isShown else {
      return nil
    }
    return sounds
  }

  static func soundLine(_ bench: Workbench) -> (sounds: ScoredSounds, line: ScoredSounds.Line)? {
    guard let sounds = sounds(bench), let line = sounds.lines[at: bench.cursor(.soundList)] else {
      return nil
    }
    return (sounds, line)
  }

  static func askSounds(_ bench: inout Workbench) -> [Effect] {
    guard bench.answering != nil || bench.canTakeLast else {
      return bench.said("no finished run is held; 7 Sessions, enter on a run that is done")
    }
    bench.overlay = PathPrompt(use: .score)
    return takeLast(&bench)
  }

  static func askExport(_ bench: inout Workbench) -> [Effect] {
    guard let sounds = sounds(bench), !sounds.found.isEmpty else {
      return bench.said("nothing to write; o scores sound files with a finished run")
    }
    bench.overlay = PathPrompt(use: .export(.csv), text: "predictions.csv")
    return []
  }

  /// Back to the clips of the data set; what is going on is given up.
  static func leaveSounds(_ bench: inout Workbench) -> [Effect] {
    let isOver = bench[.held].sounds?.isOver ?? true
    bench[.held].sounds?.isShown = false
    guard !isOver else { return [] }
    bench[.held].sounds?.isOver = true
    return [.engine(.held(.cancelSounds))] + bench.said("scoring was stopped")
  }

  static func play(_ bench: inout Workbench) -> [Effect] {
    guard let (sounds, line) = soundLine(bench) else { return bench.said("no sound to play") }
    let file = sounds.found[line.file]
    bench[.clips].playing = ClipState.Playing(
      clip: file.file, since: bench.now, seconds: file.seconds)
    return [.play(file: file.file)]
  }
}

extension Menu {
  /// Asked before a file is replaced.
  static func replace(_ path: String, _ format: PredictionText.Format) -> Menu {
    Menu(
      title: "\(path) exists",
      choices: [
        Choice(
          "y", "replace it", .engine(.held(.export(format, to: path, replacing: true)))),
        Choice("s", "keep it; nothing is written"),
      ], cursor: 1)
  }
}

/// A path while it is typed.
struct PathPrompt: Overlay {
  enum Use: Sendable, Equatable {
    case score
    case export(PredictionText.Format)
  }

  var use: Use
  var text = ""

  private static let longest = 4096

  func answer(_ key: Key, _ bench: inout Workbench) -> [Effect] {
    switch key {
    case .escape: bench.overlay = nil
    case .enter:
      bench.overlay = nil
      return go(&bench)
    case .tab: bench.overlay = nextFormat()
    default:
      var prompt = self
      prompt.text = LineEditing.apply(key, to: text, most: Self.longest)
      bench.overlay = prompt
    }
    return []
  }

  private func go(_ bench: inout Workbench) -> [Effect] {
    let path = text.trimmingCharacters(in: .whitespaces)
    switch use {
    case .score where path.isEmpty:
      guard bench[.held].sounds != nil else { return bench.said("no path; o asks again") }
      bench[.held].sounds?.isShown = true
      return []
    case .score:
      bench[.held].progress = Preparation(what: path, done: 0, total: 0, eta: nil)
      return [.engine(.held(.sounds(path)))]
    case .export where path.isEmpty: return bench.said("no path; nothing was written")
    case .export(let format):
      return [.engine(.held(.export(format, to: path, replacing: false)))]
    }
  }

  /// The next format of an export; a name with the usual ending gets the one of that format.
  private func nextFormat() -> PathPrompt {
    guard case .export(let format) = use else { return self }
    var prompt = self
    prompt.use = .export(format.next)
    if text.hasSuffix("." + format.ending) {
      prompt.text = String(text.dropLast(format.ending.count)) + format.next.ending
    }
    return prompt
  }

  func box(_ bench: Workbench, over place: Rect) -> Box? {
    let width = max(20, min(place.width - 6, 90))
    // The end of a long path is what is typed at.
    let shown = String(text.suffix(max(1, width - 3)))
    return Box(
      title: title(bench), note: "enter · esc",
      lines: [
        StyledText("\(shown)_".padded(to: width), .title),
        StyledText(help.padded(to: width), .muted),
      ])
  }

  private func title(_ bench: Workbench) -> String {
    switch use {
    case .score: "score sounds with \(bench.answering?.run ?? "the finished run")"
    case .export(let format): "write as \(format.rawValue)"
    }
  }

  private var help: String {
    switch use {
    case .score: "a sound file or a folder; ~ and relative paths work"
    case .export(.audacity): "a label track; a folder for several files · tab: csv"
    case .export(.csv): "a row a window · tab: json"
    case .export(.json): "files, windows, thresholds · tab: audacity"
    }
  }
}
