// The input of the models on Kaldi filter banks, as hyperparameters.
import Acoustics
import Layers

enum KaldiInput {
  private static let normalize = Hyperparameter<Bool>(
    "normalize", "normalize",
    help: "bring values to AudioSet's mean and standard deviation, as AST does", initial: true)
  private static let frames = Hyperparameter<Int>(
    "frames", "frames", help: "hundredths of a second a clip is cut or, with zeros, filled up to",
    initial: 1024, range: 16...16_384)

  static let hyperparameters: [any ListedHyperparameter] = [normalize, frames]

  static func input(_ settings: Settings) -> ModelInput {
    .frontEnd(
      ASTModel.frontEnd(normalize: settings[normalize], frames: settings[frames]),
      standardized: false)
  }
}
