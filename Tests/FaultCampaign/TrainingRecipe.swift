// The trainings that the campaign disturbs: small ones, of every way in which a run keeps state.
import Foundation

struct TrainingRecipe: Sendable {
  let name, method: String
  var epochs = 3
  var batch = 8
  var settings: [String] = []

  func arguments(_ work: Workplace, out: URL) -> [String] {
    let all = settings + ["training.batch=\(batch)"]
    return [
      "train", "--dataset", work.tones.path, "--method", method, "--epochs", "\(epochs)",
      "--threads", "1", "--out", out.path,
    ] + all.flatMap { ["--set", $0] }
  }

  /// A second network that follows the first, in two epochs of four steps.
  static let plain = TrainingRecipe(name: "mean-teacher", method: "mean-teacher")

  /// Two stages, masks that change, guesses, a best epoch, patience, frozen networks.
  static let all = [
    TrainingRecipe(name: "b1", method: "b1", epochs: 8, batch: 4),
    TrainingRecipe(name: "mean-teacher", method: "mean-teacher", epochs: 6, batch: 4),
    TrainingRecipe(name: "label-enhancing", method: "label-enhancing", epochs: 4, batch: 4),
    TrainingRecipe(name: "pseudo-label", method: "pseudo-label", epochs: 6, batch: 4),
    TrainingRecipe(name: "fixmatch", method: "fixmatch", epochs: 5, batch: 4),
    TrainingRecipe(
      name: "b1 with patience", method: "b1", epochs: 10, batch: 4,
      settings: ["training.select=loss", "training.patience=3"]),
    TrainingRecipe(
      name: "label-enhancing, best", method: "label-enhancing", epochs: 4, batch: 4,
      settings: ["training.select=f1-macro"]),
    TrainingRecipe(
      name: "b1 augmented", method: "b1", epochs: 8, batch: 4,
      settings: ["training.augment.mixup=0.2", "training.augment.noise=0.1"]),
    TrainingRecipe(
      name: "concat", method: "concat", epochs: 6, batch: 4,
      settings: ["method.extractor=band-net"]),
    TrainingRecipe(
      name: "con-reg", method: "con-reg", epochs: 6, batch: 4,
      settings: ["method.extractor=band-net"]),
    TrainingRecipe(name: "cnn-only", method: "cnn-only", epochs: 6, batch: 4),
  ]
}
