import Formats
import Layers

/// Methods that handle scarce labels in the same way.
public struct MethodFamily: Sendable {
  /// In the words of lists.
  public let title: String
  /// In the order of lists.
  public let methods: [any Method.Type]

  /// A family with its title.
  public init(_ title: String, _ methods: [any Method.Type]) {
    (self.title, self.methods) = (title, methods)
  }
}

/// The catalogue of methods.
public enum MethodCatalog: CatalogProtocol {
  public static let kind = "method"
  /// All methods, in the order of lists.
  public static let all: [any Method.Type] = families.flatMap(\.methods)

  /// The families, in the order of lists. A new method is a line here.
  public static let families = [
    MethodFamily("Baselines", [B0.self, B1.self]),
    MethodFamily(
      "Teachers and pseudo-labels",
      [
        LabelEnhancing.self, MeanTeacher.self, PseudoLabel.self, FixMatch.self,
        EntropyMinimization.self, NoisyStudent.self,
      ]),
    MethodFamily(
      "Losses for missing labels",
      [
        EntryLossMethod<AssumeNegative>.self, EntryLossMethod<WeakAssumeNegative>.self,
        ExpectedPositives.self, LabelEstimation.self, LargeLoss.self,
        EntryLossMethod<SelfPacedCorrection>.self, EntryLossMethod<HillLoss>.self,
        EntryLossMethod<AsymmetricLoss>.self, EntryLossMethod<PartialAsymmetricLoss>.self,
        PositiveUnlabelled.self, EntryLossMethod<PriorCorrected>.self,
      ]),
    MethodFamily(
      "Pre-trained features",
      [Transfer.self, Concat.self, ConReg.self, DisReg.self, Distillation.self]),
    MethodFamily(
      "Pre-trained networks",
      [
        ReprogramLinear.self, ReprogramCNN.self, ReprogramUNet.self, ReprogramNoise.self,
        CNNOnly.self, UNetOnly.self, FineTune.self, LoRA.self, BitFit.self, Adapters.self,
      ]),
    MethodFamily("Self-supervised", [SelfSupervised.self]),
    MethodFamily("Synthesis", [Synthesis.self]),
    MethodFamily("Classic", [ClassicFit.self]),
  ]

  public static func id(of entry: any Method.Type) -> String { entry.card.id }
}
