// MTG-Jamendo: tags that uploaders gave their music; a tag that is absent was not denied.
import Formats
import Foundation
import Layers

/// A part of the tags of MTG-Jamendo.
public enum JamendoSubset: String, Sendable, CaseIterable, Codable {
  case top50tags, genre, instrument, moodtheme, all

  /// The beginning of the names of its tables.
  fileprivate var stem: String { self == .all ? "autotagging" : "autotagging_\(rawValue)" }
}

/// What a tag means that a track does not have.
public enum AbsentTag: String, Sendable, CaseIterable, Codable {
  case missing, negative
}

/// MTG-Jamendo (Bogdanov et al. 2019): `data/splits/split-N/autotagging_SUBSET-{train,…}.tsv`.
///
/// Uploaders name what they find important. A tag of a track is a positive; a tag that it does not
/// have is a missing label in the training split, unless `dataset.absent` is `negative`. In
/// validation and test it counts as a negative, as in the published evaluation, since nothing could
/// be scored without negatives.
package struct MTGJamendo: PublishedDataset {
  package static let card = DatasetCard(
    id: "mtg-jamendo", title: "MTG-Jamendo",
    summary: "Music with its uploaders' tags; an absent tag is not a negative",
    paper: "Bogdanov et al. 2019, hdl:10230/42015", licence: "CC BY-NC-SA 4.0", classes: nil,
    isBuiltIn: false,
    needs: [
      "data/splits/split-0/autotagging_top50tags-train.tsv, -validation.tsv and -test.tsv (and of "
        + "other splits and subsets) of github.com/MTG/mtg-jamendo-dataset",
      "audio/00/*.mp3 … audio/99/*.mp3 of its download script, for training on sound",
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.subset, DatasetOptions.split, DatasetOptions.absent,
    ],
    defaults: [DefaultSetting("dataset.hiding", HidingRule.none)])

  let contents: PublishedContents

  /// Where the release, mirdata and a copy of the tables alone have the splits.
  private static let splits = ["data/splits", "metadata/data/splits", "splits"]
  /// The length to which clips are cut in s; the tracks have at least 30 s.
  private static let length = 30.0

  package static let layoutMarks = splits.map { "\($0)/split-0/autotagging_top50tags-train.tsv" }

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.seconds = length
    result.folders = ["audio", "audios", "audio-low", "raw_30s/audio", "raw_30s/audio-low", ""]
    let stem = "split-\(settings.publishedSplit)/\(settings.subset.stem)"
    let tables = try Split.allCases.map { split in
      try JamendoTable(try table("\(stem)-\(split.rawValue).tsv", root), split, &result.issues)
    }
    let tags = Set(tables.flatMap { $0.rows.flatMap(\.tags) }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(tags, tags.indices))
    result.classes = tags.map { name($0, settings.subset) }
    for table in tables {
      let absent: Float? = table.split == .train && settings.absent == .missing ? nil : 0
      result.entries += table.rows.map { row in
        var labels = [Float?](repeating: absent, count: tags.count)
        for tag in row.tags { if let number = numbers[tag] { labels[number] = 1 } }
        return Annotations.Entry(
          id: row.id, files: row.files, split: table.split, labels: labels, group: row.artist,
          table: table.url.path, line: row.line)
      }
    }
    try checkTracks(&result)
    return result
  }

  private static func table(_ name: String, _ root: URL) throws -> URL {
    let places = splits.map { root.appendingPathComponent("\($0)/\(name)") }
    guard let url = try places.first(where: { try StoredFile.isFile($0) }) else {
      throw Problem(places[0].path, "no such table; expected it in \(splits[0])/ of the release")
    }
    return url
  }

  /// Tags of one category without its name: `guitar` for `instrument---guitar`.
  private static func name(_ tag: String, _ subset: JamendoSubset) -> String {
    guard subset != .all, subset != .top50tags, let range = tag.range(of: "---") else { return tag }
    return String(tag[range.upperBound...])
  }

  /// No track is in two splits.
  private static func checkTracks(_ result: inout Annotations) throws {
    var first: [String: String] = [:]
    for entry in result.entries {
      if let place = first.updateValue(entry.place, forKey: entry.id) {
        result.issues.error(
          entry.place, "\(entry.id) again, first at \(place); expected one row per track")
      }
    }
  }
}

/// TRACK_ID, ARTIST_ID, ALBUM_ID, PATH, DURATION, then one column for each tag.
private struct JamendoTable {
  struct Row {
    let id, artist: String
    let files: [String]
    let tags: [String]
    let line: Int
  }

  let url: URL
  let split: Split
  private(set) var rows: [Row] = []
  private static let columns = ["TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS"]

  init(_ url: URL, _ split: Split, _ issues: inout IssueLog) throws {
    (self.url, self.split) = (url, split)
    let table = try AnnotationTable(url, separator: "\t")
    guard table.header == Self.columns else {
      throw Problem(
        url.path, line: 1, "other columns; expected \(Self.columns.joined(separator: ", "))")
    }
    table.read(orMore: true, &issues) { row throws(Problem) in
      let fields = row.fields
      guard let seconds = Double(fields[4]), seconds > 0, seconds.isFinite else {
        throw row.error("DURATION \"\(fields[4])\"; expected seconds")
      }
      let tags = fields[5...].filter { !$0.isEmpty }
      guard !tags.isEmpty, tags.allSatisfy({ $0.contains("---") }) else {
        throw row.error("tags \"\(tags.joined(separator: " "))\"; expected some like genre---rock")
      }
      rows.append(
        Row(
          id: fields[0], artist: fields[1], files: try Self.files(fields[3], row), tags: tags,
          line: row.line))
    }
  }

  /// The path in the table, and that of the smaller files.
  private static func files(
    _ path: String, _ row: AnnotationTable.Row
  ) throws(Problem) -> [String] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasSuffix(".mp3"), parts.allSatisfy({ $0 != ".." && !$0.isEmpty }) else {
      throw row.error("PATH \"\(path)\"; expected one like 48/948.mp3")
    }
    return [path, path.dropLast(4) + ".low.mp3"]
  }
}
