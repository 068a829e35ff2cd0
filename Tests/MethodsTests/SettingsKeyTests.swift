// Every hyperparameter that a method or a model reads is listed on its card: another one traps.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

/// A card's settings as they start, then one choice or flag after the other changed.
private func variants(_ card: Card) -> [[String: SettingValue]] {
  var found: [[String: SettingValue]] = [[:]]
  for parameter in card.hyperparameters {
    switch parameter.range {
    case .choice(let choices), .weights(let choices):
      found += choices.map { [parameter.key: .choice($0)] }
    case .flag: found += [true, false].map { [parameter.key: .flag($0)] }
    case .adaptive(let range):
      found += [[parameter.key: .auto], [parameter.key: .real(range.lowerBound)]]
    case .real(let range): found.append([parameter.key: .real(range.lowerBound)])
    case .integer(let range): found.append([parameter.key: .integer(range.lowerBound)])
    }
  }
  return found
}

private let (clips, classes) = (6, 3)

private func batch() -> Batch {
  var generator = Generator(seed: 5)
  let input = (0..<clips * 30).map { _ in Float(generator.normal()) }
  let targets = (0..<clips * classes).map { Float($0 % 2) }
  let sizes = Dictionary(uniqueKeysWithValues: ModelInput.extractors.map { ($0, 4) })
  let features = sizes.mapValues { size in
    Tensor((0..<clips * size).map { _ in Float(generator.normal()) }, [clips, size])
  }
  return Batch(
    clips: (0..<clips).map(String.init), input: Tensor(input, [clips, 1, 5, 6]),
    targets: Tensor(targets, [clips, classes]),
    observed: Tensor(targets.indices.map { $0 % 3 == 0 ? 0 : 1 }, [clips, classes]),
    embeddings: features)
}

@Suite struct SettingsKeyTests {
  @Test(arguments: MethodCatalog.ids.filter { $0 != "classic" })
  func methodsReadOnlyDeclaredSettings(id: String) throws {
    let type = try #require(MethodCatalog.find(id))
    let batch = batch()
    let sizes = batch.embeddings.mapValues { $0.shape[1] }
    let members = batch.clips.map {
      Clip(id: $0, audio: nil, split: .train, seconds: 1, labels: [1, nil, 0])
    }
    let context = StageContext(
      clips: members, predict: { $0(batch.input, .evaluation()).probabilities.values })
    for values in variants(type.card) {
      let settings = try Settings(values, of: type.card)
      let random = RandomSource(Generator(seed: 3))
      let method = try type.init(
        MethodSetup(
          makeModel: { ToyClassifier(inputs: 30, classes: classes, random: random) },
          classes: classes, input: [1, 5, 6], embeddings: sizes, settings: settings,
          plannedSteps: 10, random: random,
          makePart: { try Preprocessors.make($0, random: random) }))
      for stage in type.stages(settings).indices {
        _ = method.loss(batch, .training(random)).total
        method.stepEnded(1)
        _ = try method.stageEnded(stage, context)
      }
      let last = type.stages(settings).count - 1
      let isScored = !method.scored(in: last).isEmpty
      #expect(isScored == type.learnsLabels(settings), "\(id) with \(values)")
    }
  }

  /// Without `ast` and `pretrained`, whose weights are not here or take seconds to draw.
  @Test(arguments: ModelCatalog.ids.filter { !["ast", "pretrained"].contains($0) })
  func modelsReadOnlyDeclaredSettings(id: String) throws {
    let type = try #require(ModelCatalog.find(id))
    for values in variants(type.card) {
      let settings = try Settings(values, of: type.card)
      let (input, random) = (type.input(settings), RandomSource(Generator(seed: 3)))
      _ = type.segmentation(settings)
      var size = InputSize(bands: 16, frames: 4)
      if let transform = input.frontEnd?.transform {
        let silence = [Float](repeating: 0, count: 5 * transform.sampleRate)
        let picture = try transform(Waveform(samples: silence, sampleRate: transform.sampleRate))
        size = InputSize(bands: picture.bands, frames: picture.frames)
      }
      let model = try type.make(
        classes: classes, input: size, settings: settings, random: random)
      #expect(model.parameterCount > 0 || id == "classic", "\(id) with \(values)")
    }
  }
}
