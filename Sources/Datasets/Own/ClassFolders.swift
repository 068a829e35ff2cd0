// A folder a class: the name of a sound's folder is its label.
import Formats
import Foundation

/// `CLASS/…/NAME.wav`, or `train/CLASS/…/NAME.wav` beside `validation` and `test`. Sounds in deeper
/// folders of a class are one group a folder. Sounds outside of the classes' folders have no label,
/// like those in a folder `unlabelled`.
enum ClassFolders {
  static let layout = "a folder a class"

  private static let unlabelled: Set = ["unlabelled", "unlabeled"]

  /// Whether sounds lie in two folders or more.
  static func isLaidOut(_ listing: SoundListing) -> Bool {
    let splits = SplitFolders(listing.names)
    return Set(listing.names.compactMap { label($0, splits) }).count > 1
  }

  static func read(_ listing: SoundListing) -> FolderLabels {
    let splits = SplitFolders(listing.names)
    let labelled = listing.names.compactMap { name in label(name, splits).map { (name, $0) } }
    let classes = Set(labelled.map(\.1)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let recordings = labelled.map { name, label in
      Recording(
        id: name, name: name, url: listing.url(name), split: splits.split(of: name),
        group: group(name, splits), labels: .whole(classes.map { $0 == label ? 1 : 0 }), line: 0)
    }
    return FolderLabels(
      layout: layout, table: URL(fileURLWithPath: listing.root, isDirectory: true),
      classes: classes, recordings: recordings,
      advice: FolderLabels.Advice(
        split: SplitFolders.advice,
        groups: "clips of one recording: put them into a folder, CLASS/RECORDING/",
        classes: "a class is a folder"))
  }

  /// The folders of a sound, without that of its split.
  private static func folders(_ name: String, _ splits: SplitFolders) -> [Substring] {
    let folders = name.split(separator: "/").dropLast()
    return Array(splits.split(of: name) == nil ? folders : folders.dropFirst())
  }

  private static func label(_ name: String, _ splits: SplitFolders) -> String? {
    guard let folder = folders(name, splits).first.map(String.init),
      !unlabelled.contains(folder.lowercased())
    else { return nil }
    return folder
  }

  private static func group(_ name: String, _ splits: SplitFolders) -> String? {
    let folders = folders(name, splits)
    return folders.count > 1 ? folders.joined(separator: "/") : nil
  }
}

/// Folders `train`, `validation` and `test` at the top, in which the rest of a layout is repeated.
struct SplitFolders {
  private let isUsed: Bool

  static let advice = "put the sounds into folders train, validation, test"

  private static let names: [String: Split] = [
    "train": .train, "training": .train, "valid": .validation, "validation": .validation,
    "val": .validation, "dev": .validation, "test": .test, "testing": .test, "eval": .test,
  ]

  /// `names`: paths of all sounds below the root.
  init(_ names: [String]) {
    let tops = Set(names.filter { $0.contains("/") }.map(SplitFolders.top))
    let splits = tops.compactMap { SplitFolders.names[$0] }
    isUsed = splits.count == tops.count && splits.contains(.train) && Set(splits).count > 1
  }

  /// Nil where the folders do not say.
  func split(of name: String) -> Split? {
    isUsed ? SplitFolders.names[SplitFolders.top(name)] : nil
  }

  private static func top(_ name: String) -> String {
    String(name.prefix { $0 != "/" }).lowercased()
  }
}
