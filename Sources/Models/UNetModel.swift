// The U-Net as a model of the catalogue: what it can do without the transformer behind it.
import Acoustics
import Autograd
import Layers

/// U-Net, means of 8 × 96 windows, layer norm, linear: 18,201 parameters for 20 classes.
public enum UNetModel: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "unet", title: "U-Net and a linear layer",
    summary: "The pre-processor of reprogramming by itself; 18,201 parameters",
    paper:
      "Ronneberger, Fischer & Brox 2015, arXiv:1505.04597; Chen & Lerch 2022, arXiv:2211.08379",
    hyperparameters: KaldiInput.hyperparameters)

  public static func input(_ settings: Settings) -> ModelInput {
    KaldiInput.input(settings)
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    PooledClassifier(
      try Preprocessors.make("unet", random: random), classes: classes, random: random)
  }
}
