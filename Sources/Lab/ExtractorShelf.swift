// Pre-trained networks by id, as makers of features.
import Acoustics
import Models

enum ExtractorShelf {
  /// Throws one line where the weights are missing or wrong.
  static func maker(_ id: String) throws -> any FeatureMaker {
    throw LabError("\(id): no such extractor; expected one of vggish, openl3")
  }
}
