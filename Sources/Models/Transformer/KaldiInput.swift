// The input of the models on Kaldi filter banks, as hyperparameters.
import Acoustics
import Layers

enum KaldiInput {
  static let hyperparameters = [
    Hyperparameter(
      "normalize", "normalize", help: "bring values to AudioSet's mean and deviation, as AST does",
      initial: .flag(true), range: .flag),
    Hyperparameter(
      "frames", "frames", help: "hundredths of a second a clip is cut or, with zeros, filled up to",
      initial: .integer(1024), range: .integer(16...16_384)),
  ]

  /// nil where the settings are impossible: `make` says why.
  static func input(_ settings: Settings?) -> ModelInput {
    .frontEnd(
      ASTModel.frontEnd(
        normalize: settings?.flag("normalize") ?? true,
        frames: settings?.integer("frames") ?? 1024), standardized: false)
  }
}
