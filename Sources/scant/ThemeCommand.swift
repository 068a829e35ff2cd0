/// `scant theme`: whether a theme can be read by everybody, and themes from elsewhere.
import ArgumentParser
import Canvas
import Formats
import Foundation
import Output

struct ThemeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theme", abstract: "Check a theme, or convert one from btop.",
    subcommands: [Check.self, ImportBtop.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check keys, contrast and colour distances of a theme; exit status 1 on a fault.",
      discussion: "Example:\n  scant theme check my-theme.yaml")

    @Argument(help: ArgumentHelp("File or name of a theme.", valueName: "file"))
    var file: String

    func run() throws {
      let report = ThemeReport(try Appearance.library.load(file))
      try Console.shared.print(Self.text(report, file))
      for fault in report.faults {
        Console.shared.complain(fault.hasPrefix(file) ? fault : "\(file): \(fault)")
      }
      if !report.faults.isEmpty { throw ExitCode.failure }
    }

    private static func text(_ report: ThemeReport, _ file: String) -> String {
      func contrast(_ what: String, _ lowest: ThemeReport.Lowest?, _ needed: Double) -> String {
        guard let lowest else { return "contrast of \(what): the terminal's own colours" }
        return "contrast of \(what): \(lowest.ratio.fixed(2)) or more "
          + "(\(lowest.role), \(lowest.tier.rawValue)); \(needed.fixed(1)) needed"
      }
      let series = report.series.map { row in
        [
          row.vision.rawValue, row.tier.rawValue, row.distance.fixed(1),
          "\(row.first)-\(row.second)", row.models?.fixed(1) ?? "-",
        ]
      }
      var table = ConsoleTable(
        ["vision", "colours", "nearest", "series", "student-teacher"], numbers: [2, 4])
      for row in series { table.append(row) }
      return [
        "\(report.name), background \(report.background.rawValue)",
        contrast("text", report.lowestText, 4.5), contrast("marks", report.lowestMark, 3),
        series.isEmpty
          ? "series: the terminal's own colours"
          : "distance of series (CIELAB): \(Theme.leastDistance.fixed(0)) needed, "
            + "student and teacher \(Theme.leastModelDistance.fixed(0))\n\(table.text)",
        report.faults.isEmpty ? "passes" : "",
      ].filter { !$0.isEmpty }.joined(separator: "\n")
    }
  }

  struct ImportBtop: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import-btop", abstract: "Convert a btop theme to a theme file.",
      discussion: "Example:\n  scant theme import-btop nord.theme --out nord.yaml")

    @Argument(help: ArgumentHelp(".theme file of btop.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Output file; default: stdout.", valueName: "file"))
    var out: String?

    func run() throws {
      let url = URL(fileURLWithPath: file)
      guard let data = try? Data(contentsOf: url) else {
        throw ThemeProblem(file, "cannot be read; expected a theme file of btop")
      }
      let theme = try BtopTheme(String(decoding: data, as: UTF8.self), file: file)
      for problem in theme.problems { Console.shared.complain("\(problem)") }
      let yaml = theme.yaml(name: url.deletingPathExtension().lastPathComponent)
      guard let out else { return try Console.shared.print(data: yaml) }
      try AtomicFile.write(Data(yaml.utf8), to: URL(fileURLWithPath: out))
    }
  }
}
