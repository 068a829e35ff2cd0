/// `scant suggest RUN|SESSION`: which missing labels to give next; and the answers read back.
import ArgumentParser
import Formats
import Foundation
import Lab
import Output

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Which missing labels a person should give next, ranked by a trained run.",
    discussion: """
      All missing labels of the training clips are scored with the run's best checkpoint. The list \
      has a column 'answer': fill it in with 1, 0 or - (undecided), and read it back with \
      --answers. Answers go into patch.csv beside the session; a training uses them with \
      --set dataset.patch=FILE.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder of a run, or a session: its run with the best validation score.",
      valueName: "run|session"))
  var path: String

  @Option(help: ArgumentHelp("The number of labels.", valueName: "n"))
  var count = 50

  @Option(help: "gain, uncertainty, diversity, or random for comparison.")
  var by = SuggestionRule.gain

  @Option(help: ArgumentHelp("The list as a file; else stdout.", valueName: "file.csv"))
  var out: String?

  @Option(help: ArgumentHelp("A list with answers, to read back.", valueName: "file.csv"))
  var answers: String?

  @Option(
    help: ArgumentHelp(
      "The file of answers; patch.csv of the session if absent.", valueName: "file"))
  var patch: String?

  @Option(help: ArgumentHelp("The seed of --by random.", valueName: "n"))
  var seed = 0

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard count > 0 else {
      throw ValidationError("--count \(count) asks for nothing; expected 1 or more")
    }
  }

  func run() throws {
    let subject = try SuggestionSubject(path, options, needsRun: answers == nil)
    let file = patch.map { URL(fileURLWithPath: $0) } ?? subject.patch
    if let answers { return try read(answers, into: file, subject) }
    guard let folder = subject.run else { return }
    let stored = try StoredFile.exists(file) ? LabelPatch(reading: file) : nil
    let found = try suggestions(folder, stored)
    guard !found.isEmpty else {
      return Console.shared.say("\(folder.name): every label of the training clips is answered")
    }
    let text = SuggestionList.text(found)
    guard let out else { return try Console.shared.print(data: text) }
    try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: out))
    Console.shared.say(
      "\(found.count) missing labels by \(folder.name) written to \(out); fill in 'answer', then: "
        + "scant suggest \(path) --answers \(out)")
  }

  private func suggestions(
    _ folder: RunFolder, _ patch: LabelPatch?
  ) throws -> [LabelSuggestion] {
    let (meter, interruption) = (Meter(), Interruption())
    do {
      return try RunExecutor().suggestions(
        folder, patch: patch, count: count, by: by, seed: seed
      ) { preparation in
        meter.show(
          Meter.Reading(
            what: preparation.what, done: preparation.done, total: preparation.total,
            left: preparation.eta))
        return !interruption.isRaised
      }
    } catch is CancellationError { throw ExitCode.interrupted }
  }

  private func read(_ path: String, into file: URL, _ subject: SuggestionSubject) throws {
    let found = try SuggestionList.answers(
      URL(fileURLWithPath: path), run: subject.run?.name ?? "")
    var stored = try StoredFile.exists(file) ? LabelPatch(reading: file) : LabelPatch()
    for answer in found { stored.record(answer) }
    try stored.write(to: file)
    let said = found.count { $0.value != .open }
    Console.shared.say(
      "\(said) answers, \(found.count - said) left open; \(file.relativePath) holds "
        + "\(stored.count). A training uses them with --set dataset.patch=\(file.relativePath)")
  }
}

extension SuggestionRule: ExpressibleByArgument {}

/// The run that suggests, and where answers go.
private struct SuggestionSubject {
  let run: RunFolder?
  let patch: URL

  init(_ path: String, _ options: SessionOptions, needsRun: Bool) throws {
    let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
    if try StoredFile.exists(folder.recipe) {
      run = folder
      patch = Self.session(of: folder).appendingPathComponent(LabelPatch.fileName)
      return
    }
    let session = try options.find(path)
    patch = session.folder.appendingPathComponent(LabelPatch.fileName)
    run = needsRun ? try Self.best(session) : nil
  }

  /// `SESSION/runs/NAME` belongs to a session; answers to another run lie beside it.
  private static func session(of folder: RunFolder) -> URL {
    let parent = folder.url.standardizedFileURL.deletingLastPathComponent()
    return parent.lastPathComponent == "runs" ? parent.deletingLastPathComponent() : parent
  }

  private static func best(_ session: Session) throws -> RunFolder {
    guard let best = try session.bestRun() else {
      throw LabError(
        "\(session.name): no finished run with a validation score; expected one, from "
          + "scant run \(session.name)")
    }
    return best
  }
}

extension Session {
  /// The finished run with the highest validation score in the session's headline metric.
  func bestRun() throws -> RunFolder? {
    var best: (folder: RunFolder, score: Double)?
    for run in runs {
      let folder = runFolder(run)
      guard try folder.ending().state == .done else { continue }
      let record = try RunRecord(reading: folder)
      let metric = Headline.metric(columns, among: record.summary.scores.keys)
      guard let score = record.curve(metric, of: .result).map(\.value).max() else { continue }
      if best.map({ score > $0.score }) ?? true { best = (folder, score) }
    }
    return best?.folder
  }
}

/// The file of suggestions: `clip,class,score,student,teacher,reason,answer`.
enum SuggestionList {
  static let header = ["clip", "class", "score", "student", "teacher", "reason", "answer"]

  static func text(_ found: [LabelSuggestion]) -> String {
    let rows = found.map { suggestion in
      [
        suggestion.clip, suggestion.className, Double(suggestion.score).fixed(4),
        Double(suggestion.student).fixed(4),
        suggestion.teacher.map { Double($0).fixed(4) } ?? "", suggestion.reason, "",
      ]
    }
    return ([header] + rows).map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// The rows with an answer: 1, 0, yes, no, or - for one left open. Other columns may follow or be
  /// absent. Throws `Problem` with file and line.
  static func answers(_ url: URL, run: String) throws -> [LabelAnswer] {
    let table = try DelimitedText.read(url)
    func column(_ name: String) throws -> Int {
      guard let index = table.header.firstIndex(of: name) else {
        throw Problem(
          url.relativePath, line: 1, "no column '\(name)'; expected clip, class and answer")
      }
      return index
    }
    let (clip, name, answer) = (try column("clip"), try column("class"), try column("answer"))
    let now = Date().formatted(.iso8601)
    return try table.rows.compactMap { line, fields in
      let text = fields[answer].trimmingCharacters(in: .whitespaces).lowercased()
      guard !text.isEmpty else { return nil }
      let values = ["1": LabelAnswer.Value.yes, "yes": .yes, "0": .no, "no": .no, "-": .open]
      guard let value = values[text] else {
        throw Problem(
          url.relativePath, line: line, "answer '\(fields[answer])'; expected 1, 0, - or nothing")
      }
      return LabelAnswer(
        clip: fields[clip], className: fields[name], value: value, when: now, run: run)
    }
  }
}
