/// `scant predict RUN PATH…`: classes of sound files and folders by a trained run.
import ArgumentParser
import Foundation
import Lab
import Output

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the classes of sound files, folders and long recordings.",
    discussion: """
      A file longer than the run's clips is scored in windows; the last window ends with the file. \
      Decision thresholds per class and the temperature were chosen on validation clips. A file \
      that cannot be read is reported on stderr; the others are scored.

      Examples:
        scant predict runs/b1-s0 recordings/
        scant predict runs/b1-s0 long.flac --hop 1 --format audacity --out long.txt
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  @Argument(help: ArgumentHelp("Sound files, or folders of sound files.", valueName: "path"))
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "Seconds between the starts of windows; default and maximum: the window length.",
      valueName: "seconds"))
  var hop: Double?

  @Option(help: "How to pool the windows of a file: max or mean.")
  var pool = WindowPooling.max

  @Option(
    help: ArgumentHelp("Decision threshold for all classes.", valueName: "probability"))
  var threshold: Double?

  @Option(help: ArgumentHelp("Number of classes to print per file.", valueName: "n"))
  var top = 3

  @Option(
    help: """
      table, csv (one row per window), json, audacity (a label track with start, end and class of \
      each detection), or jams (namespace tag_open).
      """)
  var format: PredictionFormat?

  @Flag(help: "The same as --format json.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Output file; a folder for label tracks of several files. Default: stdout.",
      valueName: "path"))
  var out: String?

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top \(top) shows nothing; expected 1 or more") }
    if let hop, !(hop > 0 && hop.isFinite) {
      throw ValidationError("--hop \(hop) is not a length; expected more than 0 seconds")
    }
    if let threshold, !(0...1).contains(threshold) {
      throw ValidationError("--threshold \(threshold) is not a probability; expected 0…1")
    }
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue); expected one of them")
    }
  }

  func run() throws {
    let folder = try RunFolder(argument: path)
    let predictor = try Predictor(folder)
    if let hop, hop > predictor.seconds {
      throw ValidationError(
        "--hop \(hop) skips sound between windows of \(predictor.seconds) s; expected at most that")
    }
    let interruption = Interruption()
    let files = SoundPaths(paths)
    let decision = try decision(folder, predictor, interruption)
    let (found, failures) = try predictAll(files, predictor, interruption)
    try PredictionOutput(
      format: json ? .json : format ?? .table, decision: decision, pooling: pool, top: top,
      path: out
    ).write(found)
    if failures > 0 { throw ExitCode.failure }
  }

  /// The run's thresholds, which are chosen now if they have not been yet.
  private func decision(
    _ folder: RunFolder, _ predictor: Predictor, _ interruption: Interruption
  ) throws -> Decision {
    let meter = Meter()
    do {
      return try Decision(
        folder, predictor, threshold: threshold,
        progress: { preparation in
          meter.show(
            Meter.Reading(
              what: preparation.what, done: preparation.done, total: preparation.total,
              left: preparation.eta))
          return !interruption.isRaised
        }, notice: { Console.shared.say($0) })
    } catch is CancellationError { throw ExitCode.interrupted }
  }

  private func predictAll(
    _ files: SoundPaths, _ predictor: Predictor, _ interruption: Interruption
  ) throws -> (found: [SoundPrediction], failures: Int) {
    let meter = Meter()
    var found: [SoundPrediction] = []
    var failures = files.problems.count
    for problem in files.problems { Console.shared.complain(problem) }
    for notice in files.notices { Console.shared.say(notice) }
    for (index, file) in files.sounds.enumerated() {
      do {
        found.append(
          try predictor.predict(file, hop: hop) { seconds in
            let note = "\(file.lastPathComponent), \(Int(seconds)) s"
            meter.show(
              Meter.Reading(
                what: "Predicting", done: index, total: files.sounds.count, note: note))
            return !interruption.isRaised
          })
      } catch is CancellationError {
        throw ExitCode.interrupted
      } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    return (found, failures)
  }
}

extension WindowPooling: ExpressibleByArgument {}

enum PredictionFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, audacity, jams
}
