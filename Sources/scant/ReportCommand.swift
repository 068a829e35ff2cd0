import ArgumentParser
import Formats
import Foundation
import Lab
import Output
import Report

/// `scant report SESSION|RUN`: one HTML page, or a single figure of it.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a session, run or comparison as one HTML page.",
    discussion: """
      The page needs no network and no script. It has the result, tables, curves, classes, labels, \
      test clips with spectrograms and predictions, and settings.

      Examples:
        scant report band-missing-labels --out report.html
        scant report runs/b1-s0 --with-audio --out run.html
        scant report band-missing-labels --figure validation --out validation.svg
      """)

  @Argument(
    help: ArgumentHelp(
      "Name or folder of a session or comparison, or folder of a run.", valueName: "subject"),
    completion: Completions.subjects)
  var subject: String

  @Option(help: ArgumentHelp("File to write; - is stdout.", valueName: "file"))
  var out: String

  @Option(help: ArgumentHelp("Write this figure alone, as SVG.", valueName: "id"))
  var figure: String?

  @Option(help: ArgumentHelp("Test clips with spectrogram and predictions.", valueName: "n"))
  var clips = 6

  @Flag(help: "Put the sounds of these clips into the page.")
  var withAudio = false

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard (0...200).contains(clips) else {
      throw ValidationError("--clips \(clips) is out of range; expected 0…200")
    }
  }

  func run() throws {
    let page = try page()
    let text: String
    if let figure {
      guard let found = page.figures.first(where: { $0.id == figure }) else {
        let known = page.figures.map(\.id).joined(separator: ", ")
        throw LabError("--figure \(figure): no such figure; expected one of \(known)")
      }
      text = found.file
    } else {
      text = page.html
    }
    for remark in page.remarks { Console.shared.complain("not shown: \(remark)") }
    guard out != "-" else { return try Console.shared.print(data: text) }
    let file = URL(fileURLWithPath: out)
    try AtomicFile.write(Data(text.utf8), to: file)
    Console.shared.say("\(file.fromHere): \(text.utf8.count / 1024) KiB")
  }

  private func page() throws -> ReportPage {
    let executor = RunExecutor()
    let options = ReportOptions(
      clips: figure == nil ? clips : 0, withSound: withAudio,
      maker: ReportPage.Maker(build: Build.version, date: Self.today))
    let folder = RunFolder(URL(fileURLWithPath: subject))
    if try StoredFile.exists(folder.events) {
      return try SingleRunReport(
        folder, columns: try Session.holding(folder).columns, executor, options
      ).page()
    }
    let session = try self.options.find(subject)
    if let record = try ComparisonRecord.read(session.folder) {
      guard let verdict = record.verdict else {
        throw LabError(
          "\(session.folder.path): the comparison has no verdict yet; expected one that was ended "
            + "(scant compare)")
      }
      return try ComparisonReport(verdict, session, executor, options).page()
    }
    return try SessionReport(session, executor, options).page()
  }

  /// The day, in UTC.
  private static var today: String {
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withFullDate]
    return format.string(from: Date())
  }
}
