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
  /// By file and window, the calibrated probabilities, worked out once.
  private(set) var calibrated: [[[Float]]] = []
  var lines: [Line] = []
  /// Nothing more comes.
  var isOver = false
  /// Whether the list is shown in place of the clips.
  var isShown = true

  mutating func add(_ prediction: SoundPrediction) {
    let file = found.count
    found.append(prediction)
    calibrated.append(
      prediction.windows.map { decision.probabilities($0.student, $0.teacher) })
    if prediction.windows.count != 1 { lines.append(.file(file)) }
    lines += prediction.windows.indices.map { .window($0, of: file) }
  }

  /// Calibrated probabilities of a window, or of a whole file.
  func probabilities(of line: Line) -> [Float] {
    switch line {
    case .file(let file):
      let pooled = found[file].pooled(.max)
      return decision.probabilities(pooled.student, pooled.teacher)
    case .window(let window, let file): return calibrated[file][window]
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
    bench.overlay = Prompt(
      "predict sounds with \(bench.answering?.run ?? "the finished run")",
      help: ["a sound file or a folder; ~ and relative paths work"], tab: .completes, waits: false,
      mayBeEmpty: true, submit: score)
    return takeLast(&bench)
  }

  static func askExport(_ bench: inout Workbench) -> [Effect] {
    guard let sounds = sounds(bench), !sounds.found.isEmpty else {
      return bench.said("no predictions yet; press o to predict sound files with a finished run")
    }
    bench.overlay = exportPrompt(.csv, text: "predictions.csv")
    return []
  }

  /// An empty path shows the predictions that are known.
  @Sendable private static func score(_ bench: inout Workbench, _ path: String) -> [Effect] {
    guard !path.isEmpty else {
      guard bench[.held].sounds != nil else { return bench.said("no path; press o to ask again") }
      bench[.held].sounds?.isShown = true
      return []
    }
    bench[.held].progress = Preparation(what: path, done: 0, total: 0, eta: nil)
    return [.engine(.held(.sounds(path)))]
  }

  private static func exportPrompt(_ format: PredictionText.Format, text: String) -> Prompt {
    let help =
      switch format {
      case .audacity: "a label track; a folder for several files"
      case .jams: "JAMS, tag_open; a folder for several files"
      case .csv: "one row per window"
      case .json: "files, windows, thresholds"
      }
    return Prompt(
      "write as \(format.rawValue)", help: [help], text: text,
      tab: .next(format.next.rawValue) {
        exportPrompt(format.next, text: renamed($0.text, format))
      },
      waits: false
    ) { _, path in [.engine(.held(.export(format, to: path, replacing: false)))] }
  }

  /// A name with the usual ending gets the one of the next format.
  private static func renamed(_ text: String, _ format: PredictionText.Format) -> String {
    guard text.hasSuffix("." + format.ending) else { return text }
    return String(text.dropLast(format.ending.count)) + format.next.ending
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
