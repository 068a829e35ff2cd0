// Annotated folders: what must be there before anything else is looked at.
import Formats
import Foundation

enum DatasetFolder {
  /// The folder to read. Throws `Problem` where it is missing, no folder, or empty.
  static func root(_ card: DatasetCard, _ settings: DatasetSettings) throws -> URL {
    let needs = card.needs.joined(separator: "; ")
    let id = card.source ?? card.id
    guard let root = try settings.root ?? found(id) else {
      throw Problem(
        card.id, "no folder; give --root or set SCANT_DATA to a folder with \(id)/ (\(needs))")
    }
    switch try StoredFile.kind(root) {
    case nil: throw Problem(root.path, "no such folder; expected \(needs)")
    case .folder: break
    case .file, .other: throw Problem(root.path, "is a file; expected a folder")
    }
    guard try !StoredFile.names(in: root).isEmpty else {
      throw Problem(root.path, "is empty; expected \(needs)")
    }
    return root
  }

  /// `$SCANT_DATA/<id>` where it is there, then what config.yaml says, then
  /// `$XDG_DATA_HOME/scant/data/<id>`.
  private static func found(_ id: String) throws -> URL? {
    func present(_ folder: URL?) throws -> URL? {
      let folder = folder?.appendingPathComponent(id)
      return try folder.flatMap { try StoredFile.exists($0) ? $0 : nil }
    }
    let user = UserFolders()
    return try present(user.named(by: "SCANT_DATA")) ?? ConfiguredFolders.data[id]
      ?? present(user.data.appendingPathComponent("data"))
  }

  /// Of the tables and of every file's name, size and labels: no sound is read for it.
  static func digest(_ classes: [String], _ clips: [Clip], sizes: [Int]) -> String {
    var digest = Fingerprint(of: classes.joined(separator: "\n"))
    for (clip, size) in zip(clips, sizes) {
      let labels = clip.labels.map { $0.map { "\($0)" } ?? "-" }.joined(separator: ",")
      digest = digest.adding("\(clip.id) \(clip.split.rawValue) \(size) \(labels)")
    }
    return digest.text
  }
}
