/// `scant suggest RUN|SESSION`: which missing labels to give next; and the answers read back.
import ArgumentParser
import Datasets
import Formats
import Foundation
import Lab
import Output

struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "List the missing labels worth giving next.",
    discussion: """
      Scores all missing labels of the training clips with the run's best checkpoint; without a \
      run, AudioSet tags or the diversity of the clips rank them. Fill in the column 'answer' with \
      1, 0 or - (undecided) and read the list back with --answers. Answers are stored in patch.csv \
      beside the session: scant compare uses them, other trainings with \
      --set dataset.patch=FILE. The column 'guess' holds AudioSet tags after scant tag --classes \
      --confirm; a guess is never used as an answer.

      --wrong lists given labels instead that look wrong to the run.

      Examples:
        scant suggest runs/b1-s0 --count 20 --out to-label.csv
        scant suggest runs/b1-s0 --wrong --out to-check.csv
        scant suggest runs/b1-s0 --answers to-label.csv
      """)

  @Argument(
    help: ArgumentHelp(
      "A run, a session (its run with the best validation score), or a folder of sounds.",
      valueName: "run|session|folder"),
    completion: Completions.subjects)
  var path: String

  @Option(help: ArgumentHelp("Number of labels.", valueName: "n"))
  var count = 50

  @Option(
    help: ArgumentHelp(
      "gain, uncertainty, diversity, tags or random. Without a run: diversity or tags.",
      valueName: "rule"))
  var by: SuggestionRule?

  @Option(
    help: ArgumentHelp(
      "File for the list; default: stdout. With --answers, file for a table of the folder's labels "
        + "and all answers.", valueName: "file.csv"))
  var out: String?

  @Option(help: ArgumentHelp("List with answers to read back.", valueName: "file.csv"))
  var answers: String?

  @Option(
    help: ArgumentHelp(
      "File of answers; default: patch.csv of the session.", valueName: "file"))
  var patch: String?

  @Option(
    help: ArgumentHelp(
      "Seed of --by random, and first seed of --simulate.", valueName: "n"))
  var seed = 0

  @Flag(help: "List given labels that look wrong to the run, the most suspicious first.")
  var wrong = false

  @Option(
    help: ArgumentHelp(
      "Train with that many answers by each rule, taken from the run's hidden labels.",
      valueName: "n,n,…"))
  var simulate: AnswerCounts?

  @Option(help: ArgumentHelp("Number of seeds of --simulate.", valueName: "n"))
  var seeds = 5

  @Option(help: "Split that --simulate scores: test or validation.")
  var split = "test"

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard count > 0 else {
      throw ValidationError("--count \(count) asks for nothing; expected 1 or more")
    }
    guard seeds > 0 else {
      throw ValidationError("--seeds \(seeds) trains nothing; expected 1 or more")
    }
  }

  func run() throws {
    let subject = try SuggestionSubject(path, options, needsRun: answers == nil)
    let file = patch.map { URL(fileURLWithPath: $0) } ?? subject.patch
    if let answers { return try read(answers, into: file, subject) }
    if wrong { return try listWrong(subject.demandRun()) }
    if let simulate { return try self.simulate(subject.demandRun().readRecipe(), simulate) }
    if case .sounds(let folder) = subject.source { return try first(of: folder, subject) }
    let stored = try StoredFile.exists(file) ? LabelPatch(reading: file) : nil
    let found = try suggestions(subject, stored)
    guard !found.isEmpty else {
      return Console.shared.say("\(subject.name): every label of the training clips is answered")
    }
    try write(
      SuggestionList.text(found),
      "\(found.count) missing labels by \(subject.name); fill in 'answer', then: "
        + "scant suggest \(path.forShell) --answers \((out ?? "FILE").forShell)")
  }

  private func listWrong(_ folder: RunFolder) throws {
    let found: WrongLabels
    do {
      found = try RunExecutor().wrongLabels(
        folder, progress: Meter().preparation(until: Interruption()))
    } catch is CancellationError { throw ExitCode.interrupted }
    for note in found.notes { Console.shared.say(note) }
    let shown = found.labels.prefix(count)
    guard !shown.isEmpty else { return }
    try write(
      SuggestionList.text(Array(shown)),
      "the first \(shown.count) labels; listen, and correct the data set's own table")
  }

  /// To stdout, or to `out` with the words.
  private func write(_ text: String, _ words: String) throws {
    guard let out else { return try Console.shared.print(data: text) }
    try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: out))
    Console.shared.say("\(out): \(words)")
  }

  private func suggestions(
    _ subject: SuggestionSubject, _ patch: LabelPatch?
  ) throws -> [LabelSuggestion] {
    let (executor, interruption) = (RunExecutor(), Interruption())
    let progress = Meter().preparation(until: interruption)
    do {
      let guesses = try subject.guesses(executor, isDemanded: by == .tags, progress)
      switch subject.source {
      case .run(let folder):
        return try executor.suggestions(
          folder, patch: patch, count: count, by: by, seed: seed, guesses: guesses,
          progress: progress)
      case .data(let recipe):
        let rule = by ?? (guesses == nil ? .diversity : .tags)
        let (words, extractor) = try subject.untrained(rule)
        let found = try executor.suggestions(
          recipe, extractor: extractor, patch: patch, count: count, by: rule, seed: seed,
          guesses: guesses, progress: progress)
        Console.shared.say(words)
        return found
      case .sounds: return []
      }
    } catch is CancellationError { throw ExitCode.interrupted }
  }

  /// Without a label there is no class to ask about: clips to label first, with their tags.
  private func first(of folder: UnlabelledFolder, _ subject: SuggestionSubject) throws {
    guard by ?? .diversity == .diversity else {
      throw LabError(
        "\(path): no label, so no class to ask about; expected --by diversity, or some labels")
    }
    let (words, extractor) = try subject.untrained(.diversity)
    let tagger = try subject.tagger()
    let found: [FirstClip]
    do {
      found = try RunExecutor().firstClips(
        of: folder, extractor: extractor, tagger: tagger, count: count,
        progress: Meter().preparation(until: Interruption()))
    } catch is CancellationError { throw ExitCode.interrupted }
    Console.shared.say(words)
    try write(
      SuggestionList.text(found),
      "\(found.count) of \(folder.clips.count) sounds, the most different ones first; fill in "
        + "'label' (several with ;) and put the file into \(path)")
  }

  private func read(_ path: String, into file: URL, _ subject: SuggestionSubject) throws {
    if case .sounds = subject.source {
      throw LabError(
        "\(self.path): no labels yet, so there is no class to answer about; expected the list "
          + "with its labels in that folder")
    }
    let found = try SuggestionList.answers(
      URL(fileURLWithPath: path), run: subject.run?.name ?? "")
    var stored = try StoredFile.exists(file) ? LabelPatch(reading: file) : LabelPatch()
    for answer in found { stored.record(answer) }
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try stored.write(to: file)
    let said = found.count { $0.value != .open }
    Console.shared.say(
      "\(said) answers, \(found.count - said) left open; \(file.fromHere) holds "
        + "\(stored.count) in all. scant compare \(self.path.forShell) --fresh trains with them; "
        + "other trainings with --set dataset.patch=\(file.fromHere)")
    if let out { return try write(stored, to: URL(fileURLWithPath: out), subject) }
    if case .data(let recipe) = subject.source, try !RunExecutor().hasLabels(recipe) {
      Console.shared.say(
        "\(self.path) has no label of its own, and answers are never tested on: --out labels.csv "
          + "writes its table with them, to put into the folder")
    }
  }

  /// The folder's table with the answers.
  private func write(_ patch: LabelPatch, to file: URL, _ subject: SuggestionSubject) throws {
    let table = try AnsweredTable(of: subject.demandSounds(), with: patch.tableAnswers)
    try AtomicFile.write(Data(table.text.utf8), to: file)
    Console.shared.say(
      "\(file.fromHere): the labels of \(path), with \(table.filled) answers; put it into the "
        + "folder as labels.csv")
  }
}

extension SuggestionRule: ExpressibleByArgument {}

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
