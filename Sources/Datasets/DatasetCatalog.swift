// Every data set by its id; the command line, recipes and screens choose from here.
import Foundation

public enum DatasetCatalog {
  public static let all: [DatasetCard] = [Band.card, ESC50.card, Folder.card]

  /// Opens a data set. Throws `DatasetError`, `FormatError` (both one line: where, what is wrong,
  /// what was expected) and `CancellationError`.
  public static func open(
    _ id: String, _ settings: DatasetSettings = DatasetSettings(), progress: Ticker? = nil
  ) throws -> any Dataset {
    switch id {
    case Band.card.id: return try Band(settings, progress: progress)
    case ESC50.card.id: return try ESC50(settings, progress: progress)
    case Folder.card.id: return try Folder(settings, progress: progress)
    default:
      let names = all.map(\.id).joined(separator: ", ")
      throw DatasetError(id, "no such data set; expected one of \(names)")
    }
  }

  /// Which data set a folder's layout is of: `esc50`, `folder`, or nil.
  public static func recognize(_ folder: URL) -> String? {
    if DatasetFolder.isFile(folder.appendingPathComponent("labels.csv")) { return Folder.card.id }
    return ESC50.table(in: folder) == nil ? nil : ESC50.card.id
  }
}
