// Clips that are added to others in training: whether the input allows it, and which unlabelled
// ones.
import Acoustics
import Autograd
import Datasets
import Methods

extension Recipe {
  /// The way from the model's input to powers; nil where the recipe adds no clips.
  ///
  /// - Throws: One line if clips cannot be added in this input.
  func powerScale(of prepared: PreparedData) throws -> PowerScale? {
    let keys = [TrainingSettings.mixClips, TrainingSettings.background]
    let wanted =
      keys.first { training[$0] > 0 }.map { "training.\($0.key)" }
      ?? (MethodCatalog.find(method) is Synthesis.Type ? "method.id: synthesis" : nil)
    guard let wanted else { return nil }
    let (mean, std) = (prepared.standardizer.mean, prepared.standardizer.std)
    guard let scale = PowerScale(prepared.input, mean: mean, std: std) else {
      throw LabError(
        "\(wanted): adds the powers of clips, and the input of \(model) has no powers; expected a "
          + "model with a log-mel, such as cnn")
    }
    return scale
  }

  /// The training clips without any label, for `training.augment.background`; nil if it is 0.
  ///
  /// - Throws: One line if there is none.
  func background(_ prepared: PreparedData, _ patched: [Clip]?) throws -> Loader? {
    guard training[TrainingSettings.background] > 0 else { return nil }
    let clips = (patched ?? prepared.clips(self)).filter { clip in
      clip.split == .train && clip.labels.allSatisfy { $0 == nil }
    }
    let loader = prepared.loader(clips, training: true)
    guard loader.count > 0 else {
      throw LabError(
        "training.augment.background: no training clip is without a label; expected some, as with "
          + "dataset.hiding: clips, or 0")
    }
    return loader
  }
}

extension TrainingPlan {
  /// A training batch; if backgrounds are wanted, with as many unlabelled clips, drawn for the
  /// step.
  func batch(_ indices: [Int], epoch: Int, step: Int) -> Batch {
    var batch = train.batch(indices, epoch: epoch, seed: recipe.seed)
    guard let background else { return batch }
    var generator = Generator(seed: recipe.seed, Self.backgroundStream, step)
    let drawn = indices.map { _ in generator.index(below: background.clips.count) }
    batch.background = background.batch(drawn, epoch: epoch, seed: recipe.seed).input
    return batch
  }

  /// Separates the random stream of backgrounds from others with the same seed.
  private static let backgroundStream = 0x6261_636B
}
