// The list of methods; everything that enumerates them reads it.
import Formats

/// The catalogue of methods.
public enum MethodCatalog: CatalogProtocol {
  public static let kind = "method"
  /// All methods, in the order of lists. A new method is a line here.
  public static let all: [any Method.Type] = [
    B0.self, B1.self, LabelEnhancing.self, MeanTeacher.self, PseudoLabel.self, FixMatch.self,
    EntropyMinimization.self,
    Transfer.self, Concat.self, ConReg.self, DisReg.self,
    ReprogramLinear.self, ReprogramCNN.self, ReprogramUNet.self, CNNOnly.self, UNetOnly.self,
    FineTune.self,
    ClassicFit.self,
  ]

  public static func id(of entry: any Method.Type) -> String { entry.card.id }
}
