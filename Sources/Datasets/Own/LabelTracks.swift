// Audacity's label tracks beside the sounds: which parts of a recording have which label.
import Formats
import Foundation

/// `NAME.txt` beside `NAME.wav`, a line a label: start and end in s and a text, separated by tabs.
/// A semicolon in the text separates classes. A text that ends in `?` means that nobody knows:
/// `flute?` of one class, `?` of all.
///
/// Format: Audacity manual, "Importing and Exporting Labels"; the lines that begin with a
/// backslash hold frequency ranges and are left out.
enum LabelTracks {
  static let layout = "Audacity label tracks beside the sounds"

  /// The name below the folder of the track beside a sound; nil where there is none.
  static func track(_ name: String, _ listing: SoundListing) -> String? {
    let stem = SoundListing.stem(name)
    return listing.textStems.contains(stem) ? stem.text + ".txt" : nil
  }

  /// Whether a text file beside a sound begins with a label. Throws `Problem` where one cannot be
  /// read.
  static func isLaidOut(_ listing: SoundListing) throws -> Bool {
    guard !listing.textStems.isEmpty else { return false }
    let tracks = listing.names.lazy.compactMap { track($0, listing) }
    return try tracks.contains { name in
      guard let bytes = try StoredFile.bytes(listing.url(name)) else { return false }
      let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
      guard let line = text.split(whereSeparator: \.isNewline).first else { return false }
      return fields(line).map { $0.start <= $0.end } ?? false
    }
  }

  /// Faulty lines are logged and left out. Sounds without a track are not among the recordings.
  static func read(_ listing: SoundListing, _ issues: inout IssueLog) throws -> FolderLabels {
    let splits = SplitFolders(listing.names)
    var found: [(name: String, spans: [LabelSpan])] = []
    for name in listing.names {
      guard let track = track(name, listing) else { continue }
      found.append((name, try spans(listing.url(track), &issues)))
    }
    let classes = Set(found.flatMap { $0.spans.compactMap(\.name) })
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let recordings = found.map { name, spans in
      Recording(
        id: name, name: name, url: listing.url(name), split: splits.split(of: name), group: nil,
        labels: .spans(spans), line: 0)
    }
    return FolderLabels(
      layout: layout, table: URL(fileURLWithPath: listing.root, isDirectory: true),
      classes: classes, recordings: recordings,
      advice: FolderLabels.Advice(
        split: SplitFolders.advice, groups: "a recording is a group",
        classes: "a class is the text of a label"))
  }

  private static func spans(_ url: URL, _ issues: inout IssueLog) throws -> [LabelSpan] {
    guard let bytes = try StoredFile.bytes(url) else { return [] }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      issues.append(Problem(url.path, "not UTF-8; expected an Audacity label track"))
      return []
    }
    var spans: [LabelSpan] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = line.drop { $0 == "\u{FEFF}" }
      if content.allSatisfy(\.isWhitespace) || content.hasPrefix("\\") { continue }
      do throws(Problem) { spans += try labels(content, url, index + 1) } catch {
        issues.append(error)
      }
    }
    return spans
  }

  /// The labels of one line. Throws what is wrong with it.
  private static func labels(
    _ line: Substring, _ url: URL, _ number: Int
  ) throws(Problem) -> [LabelSpan] {
    let expected = "expected start, end and label, separated by tabs"
    guard let (start, end, text) = fields(line) else {
      throw Problem(url.path, line: number, "\"\(line.prefix(60))\" is no label; \(expected)")
    }
    guard start <= end, end >= 0 else {
      throw Problem(
        url.path, line: number, "ends at \(end) s and starts at \(start) s; \(expected)")
    }
    let names = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    guard !names.isEmpty else {
      throw Problem(url.path, line: number, "no text; \(expected)")
    }
    return names.map { name in
      let isCertain = !name.hasSuffix("?")
      let plain = isCertain ? name : name.dropLast().trimmingCharacters(in: .whitespaces)
      return LabelSpan(
        start: start, end: end, name: plain.isEmpty ? nil : plain, isCertain: isCertain)
    }
  }

  /// Times may have a decimal comma, as Audacity writes them in some languages.
  private static func fields(_ line: Substring) -> (start: Double, end: Double, text: String)? {
    let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2 else { return nil }
    let times = parts.prefix(2).map {
      Double($0.trimmingCharacters(in: .whitespaces).replacing(",", with: "."))
    }
    guard let start = times[0], let end = times[1], start.isFinite, end.isFinite else {
      return nil
    }
    return (start, end, parts.count > 2 ? String(parts[2]) : "")
  }
}
