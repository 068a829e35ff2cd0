// Every data set by its id; the command line, recipes and screens choose from here.
import Foundation

public enum DatasetCatalog {
  public static let all: [DatasetCard] = [
    Band.card, OpenMIC2018.card, SONYC.card, DCASE2017.card, MagnaTagATune.card, ESC50.card,
    ESC10Mixtures.card, AudioSetVGGish.card, Folder.card,
  ]

  /// Opens a data set. Throws `DatasetError`, `FormatError` (both one line: where, what is wrong,
  /// what was expected) and `CancellationError`.
  public static func open(
    _ id: String, _ settings: DatasetSettings = DatasetSettings(), progress: Ticker? = nil
  ) throws -> any Dataset {
    if let type = published.first(where: { $0.card.id == id }) { return try type.init(settings) }
    switch id {
    case Band.card.id: return try Band(settings, progress: progress)
    case ESC50.card.id: return try ESC50(settings, progress: progress)
    case ESC10Mixtures.card.id: return try ESC10Mixtures(settings, progress: progress)
    case Folder.card.id: return try Folder(settings, progress: progress)
    default: throw unknown(id)
    }
  }

  static func unknown(_ id: String) -> DatasetError {
    let names = all.map(\.id).joined(separator: ", ")
    return DatasetError(id, "no such data set; expected one of \(names)")
  }

  /// Those read by `PublishedDataset`.
  static let published: [any PublishedDataset.Type] = [
    OpenMIC2018.self, SONYC.self, DCASE2017.self, MagnaTagATune.self, AudioSetVGGish.self,
  ]

  /// Those read by `SheetDataset`.
  static let sheets: [any SheetDataset.Type] = [ESC50.self, Folder.self]

  /// Which data set a folder's layout is of, by its id; nil where it is of none. Throws
  /// `DatasetError` or `FormatError` where the folder cannot be looked at.
  public static func recognize(_ folder: URL) throws -> String? {
    let marks = [
      (Folder.card.id, "labels.csv"), (OpenMIC2018.card.id, "partitions/split01_train.csv"),
      (OpenMIC2018.card.id, OpenMICLabels.table), (SONYC.card.id, "annotations.csv"),
      (SONYC.card.id, "tag_annotations.csv"),
      (DCASE2017.card.id, "groundtruth_weak_label_training_set.csv"),
      (MagnaTagATune.card.id, "annotations_final.csv"),
      (MagnaTagATune.card.id, "top20_labels.csv"),
    ]
    for (id, name) in marks
    where try FileLook.isFile(folder.appendingPathComponent(name, isDirectory: false)) {
      return id
    }
    if try AudioSetPart.isPresent(in: folder) { return AudioSetVGGish.card.id }
    return try ESC50.table(in: folder) == nil ? nil : ESC50.card.id
  }
}
