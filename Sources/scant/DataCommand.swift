import ArgumentParser
import Canvas
import Datasets
import Formats
import Foundation
import Lab
import Output

/// `scant data`: what checks and prepares data sets. `render` makes the built-in one.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Check a data set, or render the built-in one.",
    subcommands: [Check.self, Render.self])

  struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "render", abstract: "Render the built-in data set Band into the cache.",
      discussion: "Example:\n  scant data render --clips 300 --instruments 4")

    @Option(
      help: ArgumentHelp("Total number of clips; default: that of the data set.", valueName: "n"))
    var clips: Int?

    @Option(help: ArgumentHelp("Random seed of the compositions.", valueName: "n"))
    var seed = 1

    @Option(help: ArgumentHelp("Number of instruments, up to 20.", valueName: "n"))
    var instruments = 20

    @Option(help: ArgumentHelp("Clip length in seconds.", valueName: "s"))
    var seconds: Double?

    @Option(help: ArgumentHelp("Number of threads; default: one per core.", valueName: "n"))
    var threads: Int?

    func validate() throws {
      try check("--clips", clips, in: 1...1_000_000)
      try check("--instruments", instruments, in: 2...20)
      try check("--seconds", seconds, in: 0.1...600)
      try check("--threads", threads, in: 1...256)
    }

    func run() throws {
      let interruption = Interruption()
      let meter = Meter()
      var settings = DatasetSettings(clips: clips, seconds: seconds, seed: seed, threads: threads)
      settings.instruments = instruments
      let dataset = try DatasetCatalog.open("band", settings)
      try dataset.makeSounds(
        of: nil, threads: threads, progress: meter.progress(until: interruption))
      var table = ConsoleTable(["split", "clips"], numbers: [1])
      for split in Split.allCases {
        table.append([split.rawValue, "\(dataset.clips.count { $0.split == split })"])
      }
      try Console.shared.print(table.text)
      for problem in dataset.problems { Console.shared.complain(problem) }
    }
  }
}

/// `scant data check`: everything wrong with a data set's tables and sounds, and its counts.
extension DataCommand {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Report faults in the tables and sounds of a data set.",
      discussion: """
        Exit status 1 if anything is wrong or counts differ from the published ones.

        Examples:
          scant data check my-sounds --audio
          scant data check openmic2018 --root /data/openmic2018
        """)

    @Argument(
      help: ArgumentHelp("Id of a data set, or its folder.", valueName: "dataset"),
      completion: Completions.datasets)
    var dataset: String

    @Option(help: ArgumentHelp("Folder of the data set.", valueName: "dir"))
    var root: String?

    @Flag(help: "Decode every sound file.")
    var audio = false

    @Option(help: ArgumentHelp("sonyc-ust-v2: fine or coarse classes.", valueName: "level"))
    var level = TaxonomyLevel.fine

    @Option(help: ArgumentHelp("Number of threads; default: one per core.", valueName: "n"))
    var threads: Int?

    @Flag(help: "Write the report as JSON to stdout.")
    var json = false

    func validate() throws {
      try check("--threads", threads, in: 1...256)
    }

    func run() throws {
      let interruption = Interruption()
      let meter = Meter()
      let (id, folder) = try subject()
      var settings = DatasetSettings(root: folder, threads: threads)
      settings.level = level
      let report = try DataCheck.report(id, settings, audio: audio) { what, done, total in
        meter.show(Meter.Reading(what: what, done: done, total: total))
        return !interruption.isRaised
      }
      if json {
        try Console.shared.print(json: report)
      } else {
        try Console.shared.print(DataReportText(report).text)
      }
      if report.isWrong { throw ExitCode.failure }
    }

    /// A folder may stand for the set whose layout it has.
    private func subject() throws -> (id: String, root: URL?) {
      let given = root.map { URL(fileURLWithPath: $0, isDirectory: true) }
      if DatasetCatalog.find(dataset) != nil { return (dataset, given) }
      let folder = URL(fileURLWithPath: dataset, isDirectory: true)
      if try StoredFile.isFolder(folder) { return (try SoundFolder(dataset).id, folder) }
      guard let id = try DatasetCatalog.recognize(folder) else {
        throw Problem(
          dataset,
          "no data set; expected one of \(DatasetCatalog.list), or a folder laid out like"
            + " one of them")
      }
      return (id, folder)
    }
  }
}

extension TaxonomyLevel: ExpressibleByArgument {}

/// A report for people.
struct DataReportText {
  private let report: DataReport

  init(_ report: DataReport) { self.report = report }

  var text: String {
    [head, splits, classes, counts, issues].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var head: String {
    let place = report.root.isEmpty ? "" : " in \(report.root)"
    let sound = report.sound
    var lines = ["\(report.title)\(place): \(report.layout)".visible]
    if sound.named > 0 {
      let opened = sound.opened.map { ", \($0) decoded" } ?? ""
      lines.append("audio: \(sound.found) of \(sound.named) files found\(opened)")
    }
    return (lines + report.summary + report.remarks).joined(separator: "\n")
  }

  private var splits: String {
    guard report.clips.contains(where: { $0 > 0 }) else { return "" }
    var table = ConsoleTable(["split", "clips"], numbers: [1])
    for (split, count) in zip(Split.allCases, report.clips) {
      table.append([split.rawValue, "\(count)"])
    }
    return table.text
  }

  private var classes: String {
    guard !report.classes.isEmpty, report.clips.contains(where: { $0 > 0 }) else { return "" }
    let splits = Split.allCases.map(\.rawValue)
    var table = ConsoleTable(
      ["class"] + splits.flatMap { [$0, "positive"] }, numbers: Set(1...2 * splits.count))
    for entry in report.classes {
      let shares = entry.observedIn.map { $0.map { "\(($0 * 100).fixed(1)) %" } ?? "–" }
      table.append([entry.name] + zip(shares, entry.positives).flatMap { [$0, "\($1)"] })
    }
    return "share of labels observed, and positive clips, in each split\n\n" + table.text
  }

  private var counts: String {
    guard !report.counts.isEmpty else { return "" }
    var table = ConsoleTable(["count", "published", "found", ""], numbers: [1, 2])
    for count in report.counts {
      let texts = [count.published, count.found].map {
        $0.map(String.init).joined(separator: " + ")
      }
      table.append([count.what] + texts + [count.differs ? "differs" : ""])
    }
    return table.text
  }

  private var issues: String {
    let wrong = report.issues.count { $0.severity == .error }
    let different = report.counts.count(where: \.differs)
    var lines = report.issues.map { "\($0.severity.rawValue)  \($0)".visible }
    if report.issuesLeft > 0 { lines.append("and \(report.issuesLeft) more") }
    let faults = wrong == 0 ? "no fault" : wrong == 1 ? "1 fault" : "\(wrong) faults"
    let counts =
      report.counts.isEmpty ? "" : "; \(different) of \(report.counts.count) counts differ"
    lines.append(faults + counts)
    return lines.joined(separator: "\n")
  }
}
