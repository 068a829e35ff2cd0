// ESC-50, its ten-class part ESC-10, and folders laid out like them: folds, one class a clip.
import Autograd
import Formats
import Foundation

/// `audio/` and `meta/*.csv` with the columns filename, fold, category and src_file.
///
/// Piczak 2015, doi:10.1145/2733373.2806390.
public struct ESC50: Dataset {
  public static let card = DatasetCard(
    id: "esc50", title: "ESC-50",
    summary: "Environmental sounds of 5 s in folds, one class a clip; also ESC-10",
    paper: "Piczak 2015, doi:10.1145/2733373.2806390",
    licence: "CC BY-NC 3.0 (ESC-10: CC BY 3.0)", classes: nil, isBuiltIn: false,
    needs: [
      "audio/ with the sound files and meta/esc50.csv of github.com/karolpiczak/ESC-50"
    ])

  public let title: String
  public let classes: [String]
  public let clips: [Clip]
  public let problems: [String]
  public let isSingleLabel = true
  public let seconds: Double
  public let digest: String
  /// Longer clips are cut to this unless the settings say otherwise, in s.
  private static let longest = 5.0

  /// Throws `DatasetError` or `FormatError` with file and line, and `CancellationError`.
  public init(_ settings: DatasetSettings, progress: Ticker? = nil) throws {
    let validation = try ValidationShare(settings.validationShare, seed: settings.seed)
    let root = try DatasetFolder.root(ESC50.card, settings)
    guard let table = ESC50.table(in: root) else {
      throw DatasetError(
        root.path, "no meta/*.csv with filename, fold and category; expected ESC-50's layout")
    }
    var issues = IssueLog()
    let sheet = try FoldSheet(table, root: root, &issues)
    if let refusal = issues.refusal(ESC50.card.id) { throw refusal }
    let testFold = try sheet.testFold(settings.testFold)
    let files = sheet.files(testFold: testFold)
    let (read, skipped) = try LabelledFiles.clips(files, in: root, settings, progress: progress)
    title = sheet.classes.count == 10 ? "ESC-10" : ESC50.card.title
    classes = sheet.classes
    clips = validation.applied(to: read)
    problems =
      skipped + sheet.crossings(testFold) + ClipCheck.emptySplits(clips)
      + ClipCheck.classesWithoutPositive(classes, clips)
    let longest = clips.map(\.seconds).max() ?? ESC50.longest
    seconds = settings.seconds ?? min(ESC50.longest, longest)
    digest = DatasetFolder.digest(classes, clips)
  }

  /// Every fault of the table, where opening ends at the first.
  static func tableIssues(_ settings: DatasetSettings) throws -> IssueLog {
    let root = try DatasetFolder.root(ESC50.card, settings)
    var issues = IssueLog()
    if let table = table(in: root) { _ = try FoldSheet(table, root: root, &issues) }
    return issues
  }

  /// The first table in `meta/` with the columns that count.
  static func table(in root: URL) -> URL? {
    let meta = root.appendingPathComponent("meta")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: meta.path)) ?? []
    return names.filter { $0.hasSuffix(".csv") }.sorted()
      .map { meta.appendingPathComponent($0) }
      .first { url in
        guard let header = try? DelimitedText.read(url).header else { return false }
        return ["filename", "fold", "category"].allSatisfy(header.contains)
      }
  }
}
