// Which of AudioSet's classes stand for the classes of a data set: proposed by name, confirmed by a
// person, kept as a table.
import Acoustics
import Formats
import Foundation

/// The file `tags.csv` beside a session: a row per class and tag.
public struct TagMapping: Sendable, Equatable {
  public static let fileName = "tags.csv"
  private static let header = ["class", "tag", "why", "use"]
  private static let nothing = "no tag of that name"

  public struct Row: Sendable, Equatable {
    public let className: String
    /// One of AudioSet's classes; empty where none was found.
    public let tag: String
    /// Why it is proposed, for people.
    public let why: String
    /// Whether a person wants it; nil: not said yet.
    public fileprivate(set) var use: Bool?
    /// In the file it was read from.
    fileprivate var line: Int?
  }

  public private(set) var rows: [Row]
  private let file: String

  /// Proposes the tags of each class. Tags that only contain the words of a class are listed and
  /// declined. Tags that are a part of the name are proposed where nothing fits better.
  public init(proposing classes: [String], among tags: [String]) {
    file = Self.fileName
    let names = tags.map { (tag: $0, names: TagNames($0)) }
    rows = classes.flatMap { name -> [Row] in
      let wanted = TagNames(name)
      let found = names.compactMap { tag, names in wanted.match(names).map { (tag, $0) } }
      let isFound = found.contains { $0.1 == .same || $0.1 == .narrower }
      let rows = TagMatch.allCases.flatMap { match in
        found.filter { $0.1 == match }.map { tag, match in
          let isLikely = match == .part ? !isFound : match != .contains
          return Row(className: name, tag: tag, why: match.rawValue, use: isLikely ? nil : false)
        }
      }
      return rows.isEmpty ? [Row(className: name, tag: "", why: Self.nothing, use: nil)] : rows
    }
  }

  /// Throws `Problem` with the line of a row that is none.
  public init(reading url: URL) throws {
    let table = try DelimitedText.read(url)
    let file = url.relativePath
    let places = try ["class", "tag", "use"].map { name in
      guard let place = table.header.firstIndex(of: name) else {
        throw Problem(file, line: 1, "no column '\(name)'; expected class, tag and use")
      }
      return place
    }
    let why = table.header.firstIndex(of: "why")
    self.file = file
    rows = try table.rows.map { line, fields in
      let cells = places.map { fields[$0].trimmingCharacters(in: .whitespaces) }
      let values: [String: Bool?] = ["": nil, "1": true, "yes": true, "0": false, "no": false]
      guard let use = values[cells[2].lowercased()] else {
        throw Problem(file, line: line, "use '\(cells[2])'; expected 1, 0 or nothing")
      }
      return Row(
        className: cells[0], tag: cells[1], why: why.map { fields[$0] } ?? "", use: use,
        line: line)
    }
  }

  /// The mapping of a session, or of the folder that the session compares; nil without one.
  public static func find(in session: URL) throws -> URL? {
    let session = session.standardizedFileURL
    let name = session.lastPathComponent
    var folders = [session]
    if name.hasSuffix("-compare") {
      let folder = session.deletingLastPathComponent()
      folders.append(folder.appendingPathComponent(String(name.dropLast("-compare".count))))
    }
    return try folders.map { $0.appendingPathComponent(fileName) }
      .first { try StoredFile.exists($0) }
  }

  /// Replaces the file. Throws `Problem`.
  public func write(to url: URL) throws {
    let lines =
      [Self.header]
      + rows.map { [$0.className, $0.tag, $0.why, $0.use.map { $0 ? "1" : "0" } ?? ""] }
    let text = lines.map { $0.map(CSVText.quoted).joined(separator: ",") + "\n" }.joined()
    try AtomicFile.write(Data(text.utf8), to: url)
  }

  /// Says yes to all proposals that nobody has said anything about.
  public mutating func confirm() {
    for index in rows.indices where rows[index].use == nil && !rows[index].tag.isEmpty {
      rows[index].use = true
    }
  }

  /// Proposals without an answer.
  public var open: Int { rows.count { $0.use == nil && !$0.tag.isEmpty } }

  /// Whether a person has confirmed at least one tag.
  public var isConfirmed: Bool { rows.contains { $0.use == true && !$0.tag.isEmpty } }

  /// Indices into `tags` of the confirmed tags of each class. Throws `Problem` with the line of a
  /// tag or class that does not exist.
  func indices(_ classes: [String], _ tags: [String]) throws -> [[Int]] {
    let places = Dictionary(zip(tags, tags.indices), uniquingKeysWith: { first, _ in first })
    var found = classes.map { _ in [Int]() }
    for row in rows where row.use == true && !row.tag.isEmpty {
      guard let column = classes.firstIndex(of: row.className) else {
        let why = RecipeError.unknown("class", row.className, among: classes)
        throw Problem(file, line: row.line, "'\(row.className)': \(why)")
      }
      guard let place = places[row.tag] else {
        throw Problem(
          file, line: row.line, "no tag '\(row.tag)'; expected one of AudioSet's \(tags.count)")
      }
      found[column].append(place)
    }
    return found
  }
}
