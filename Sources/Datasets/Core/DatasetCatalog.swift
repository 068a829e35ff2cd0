// All data sets by id, for the command line, recipes and screens.
import Formats
import Foundation

/// The catalogue of data sets.
public enum DatasetCatalog: CatalogProtocol {
  public static let kind = "data set"
  public static let all: [any Dataset.Type] = [
    Band.self, OpenMIC2018.self, SONYC.self, DCASE2017.self, MagnaTagATune.self, MTGJamendo.self,
    FSD50K.self, UrbanSound8K.self, ESC50.self, ESC10Mixtures.self, AudioSetVGGish.self,
    Folder.self,
  ]

  public static func id(of entry: any Dataset.Type) -> String { entry.card.id }

  public static var cards: [DatasetCard] { all.map { $0.card } }

  /// Opens a data set. Throws `Problem` and `CancellationError`.
  public static func open(
    _ id: String, _ settings: DatasetSettings = DatasetSettings(), progress: ProgressHandler? = nil
  ) throws -> any Dataset {
    try entry(id).init(settings, progress: progress)
  }

  /// Which data set a folder's layout is of, by its id; nil where it is of none. A person's own
  /// `labels.csv` counts before the tables of a published set beside it: the last entry is asked
  /// first. Any other folder with sound files is a person's own. Throws `Problem` where the folder
  /// cannot be looked at.
  public static func recognize(_ folder: URL) throws -> String? {
    if let known = try all.last(where: { try $0.isLaidOut(folder) }) { return id(of: known) }
    return try SoundListing.holdsSounds(folder) ? Folder.card.id : nil
  }
}
