// Which layout a person's own folder has, and what to say where it has none.
import Formats
import Foundation

/// Asked in this order: a table of labels, label tracks, a folder a class.
enum FolderLayout {
  /// What a folder needs, for messages.
  static let expected =
    "labels.csv, a table of file and label, a label track NAME.txt beside NAME.wav, or a folder a "
    + "class"

  /// Reads all labels. Faulty rows are logged and left out. Throws `Problem` where there is no
  /// sound, or nothing that could hold labels.
  static func read(
    _ root: URL, _ listing: SoundListing, _ issues: inout IssueLog
  ) throws -> FolderLabels {
    if let url = try LabelTable.find(in: root) {
      return try LabelTable(url, listing, &issues).labels
    }
    if try LabelTracks.isLaidOut(listing) { return try LabelTracks.read(listing, &issues) }
    if ClassFolders.isLaidOut(listing) { return ClassFolders.read(listing) }
    guard !listing.names.isEmpty else {
      throw Problem(root.path, "no sound file; expected sounds with \(expected)")
    }
    throw Problem(
      root.path,
      "\(listing.names.count.counted("sound file")) and no label, so nothing to train on; expected "
        + expected)
  }
}

extension LabelTable {
  var labels: FolderLabels {
    let name = url.lastPathComponent
    let classes = columns.isList ? "a class is a name in" : "a class is a column of"
    return FolderLabels(
      layout: columns.isList
        ? "a folder with a table of files and labels" : "a folder with its own labels.csv",
      table: url, classes: self.classes, recordings: recordings, named: named,
      advice: FolderLabels.Advice(
        split: "add a column 'split' to \(name)",
        groups: "clips of one recording: add a column 'group' to \(name)",
        classes: "\(classes) \(name)"))
  }
}

extension FolderLabels {
  /// That every cell of the table is blank; nil where there is a label.
  var blank: Problem? {
    guard !recordings.contains(where: \.labels.isKnown) else { return nil }
    return Problem(
      table.path, "\(recordings.count.counted("row")) and no label; expected labels to train on")
  }

  /// Sounds of the folder that the layout does not label.
  func unlisted(_ listing: SoundListing) -> [Recording] {
    let listed = Set(recordings.map { ByteText(text: $0.url.path) })
    let ids = Set(recordings.map(\.id))
    let splits = SplitFolders(listing.names)
    let isGiven = recordings.contains { $0.split != nil }
    let none = Recording.Labels.whole(classes.map { _ in nil })
    return listing.names.compactMap { name in
      let url = listing.url(name)
      guard !listed.contains(ByteText(text: url.path)), !named.contains(ByteText(text: name)) else {
        return nil
      }
      return Recording(
        id: ids.contains(name) ? FileRoster.spelled(name) : name, name: name, url: url,
        split: isGiven ? splits.split(of: name) ?? .train : nil, group: nil, labels: none, line: 0)
    }
  }
}
