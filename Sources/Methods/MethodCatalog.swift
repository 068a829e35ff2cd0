// The list of methods; everything that enumerates them reads it.
import Layers

public enum MethodCatalog {
  public static let all: [any Method.Type] = [
    B0.self, B1.self, LabelEnhancing.self, MeanTeacher.self, PseudoLabel.self, FixMatch.self,
    EntropyMinimization.self,
    Transfer.self, Concat.self, ConReg.self, DisReg.self,
    ReprogramLinear.self, ReprogramCNN.self, ReprogramUNet.self, CNNOnly.self, UNetOnly.self,
    FineTune.self,
    ClassicFit.self,
  ]

  public static var ids: [String] { all.map { $0.card.id } }

  /// The method of that id.
  public static func find(_ id: String) -> (any Method.Type)? { all.first { $0.card.id == id } }
}
