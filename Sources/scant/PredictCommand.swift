/// `scant predict RUN AUDIO…`: probabilities of sound files.
import ArgumentParser
import Foundation
import Lab
import Output

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Per-class probabilities of sound files by a trained run.",
    discussion: "A file that cannot be read is one line on stderr; the others go on.")

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var path: String

  @Argument(help: "Sound files.")
  var audio: [String]

  @Option(help: ArgumentHelp("Classes shown of each file.", valueName: "n"))
  var top = 3

  @Flag(help: "All classes of all files as one JSON document on stdout.")
  var json = false

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top \(top) shows nothing; expected 1 or more") }
  }

  func run() throws {
    let predictor = try Predictor(RunFolder(argument: path))
    var found: [Predictor.Prediction] = []
    var failures = 0
    for path in audio {
      do { found.append(try predictor.predict(URL(fileURLWithPath: path))) } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    if json {
      try Console.shared.print(json: report(found, classes: predictor.classes))
    } else if !found.isEmpty {
      try Console.shared.print(text(found, classes: predictor.classes))
    }
    if failures > 0 { throw ExitCode.failure }
  }

  private struct Report: Encodable {
    struct File: Encodable {
      let file: String
      let student: [String: Float]
      let teacher: [String: Float]?
    }
    let classes: [String]
    let files: [File]
  }

  private func report(_ found: [Predictor.Prediction], classes: [String]) -> Report {
    func named(_ values: [Float]) -> [String: Float] {
      Dictionary(zip(classes, values), uniquingKeysWith: { first, _ in first })
    }
    return Report(
      classes: classes,
      files: found.map {
        Report.File(file: $0.file, student: named($0.student), teacher: $0.teacher.map(named))
      })
  }

  private func text(_ found: [Predictor.Prediction], classes: [String]) -> String {
    let hasTeacher = found.contains { $0.teacher != nil }
    var table = ConsoleTable(
      ["file", "class", "student"] + (hasTeacher ? ["teacher"] : []), numbers: [2, 3])
    for prediction in found {
      let order = prediction.student.indices.sorted {
        prediction.student[$0] > prediction.student[$1]
      }
      for (rank, index) in order.prefix(top).enumerated() {
        var row = [rank == 0 ? prediction.file : "", classes[index]]
        row.append(Double(prediction.student[index]).fixed(3))
        if let teacher = prediction.teacher { row.append(Double(teacher[index]).fixed(3)) }
        table.append(row)
      }
    }
    return table.text
  }
}
