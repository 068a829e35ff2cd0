// A batch, a network and methods on them, for the laws of every method.
import Autograd
import Datasets
import Layers
import Methods
import Models
import Testing

/// The toy network with a number for each cell (clip, class) added to the logits of a batch of
/// eight: its gradient is that of the cells.
struct CellClassifier: SourceClassifier {
  let toy: ToyClassifier
  let cells: Parameter

  static let head = "toy.fc2."
  var embeddingWidth: Int { toy.embeddingWidth }
  var sourceClasses: Int { toy.sourceClasses }

  init(inputs: Int, classes: Int, random: RandomSource) {
    toy = ToyClassifier(inputs: inputs, classes: classes, width: 16, random: random)
    cells = Parameter(.zeros([LawBench.clips, classes]))
  }

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let prediction = toy(input, mode)
    guard input.shape[0] == LawBench.clips else { return prediction }
    let own = mode.records ? cells.tensor : cells.value
    return Prediction(.logits(prediction.logits + own), embedding: prediction.embedding)
  }

  func sourceLogits(_ embedding: Tensor) -> Tensor { toy.sourceLogits(embedding) }
}

/// A method with one of its choices changed.
struct LawCase: CustomTestStringConvertible, Sendable {
  let id: String
  let settings: [String: SettingValue]

  var testDescription: String {
    let changes = settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return ([id] + changes).joined(separator: " ")
  }

  /// Every method that follows a gradient, as it starts and with each of its choices and flags.
  static let all: [LawCase] = MethodCatalog.all.filter { $0.card.id != "classic" }.flatMap { type in
    let id = type.card.id
    return type.card.hyperparameters.reduce(into: [LawCase(id: id, settings: [:])]) { cases, key in
      switch key.range {
      case .choice(let choices) where !["extractor", "second"].contains(key.key):
        cases += choices.filter { .choice($0) != key.initial }
          .map { LawCase(id: id, settings: [key.key: .choice($0)]) }
      case .flag:
        cases.append(LawCase(id: id, settings: [key.key: .flag(key.initial != .flag(true))]))
      default: break
      }
    }
  }

  func type() throws -> any Method.Type { try #require(MethodCatalog.find(id)) }

  func stages() throws -> Int {
    try type().stages(Settings(settings, of: type().card)).count
  }

  /// The method with a small network, at the start of a stage.
  func make(seed: Int = 3, stage: Int = 0, observedShare: Double = 0.5) throws -> any Method {
    let random = RandomSource(Generator(seed: seed))
    let type = try type()
    let context = LawBench.context(LawBench.batch(observedShare: observedShare))
    let method = try type.init(
      MethodSetup(
        makeModel: { CellClassifier(inputs: 30, classes: LawBench.classes, random: random) },
        classes: LawBench.classes, input: [1, 5, 6], embeddings: ToyFeatures.sizes,
        settings: try Settings(settings, of: type.card), plannedSteps: 60, stepsPerEpoch: 2,
        clips: context.clips, random: random,
        makePart: { try Preprocessors.make($0, random: random) }))
    for earlier in 0..<stage { _ = try method.stageEnded(earlier, context) }
    return method
  }
}

enum LawBench {
  static let (clips, classes) = (8, 4)

  static func training(_ seed: Int, step: Int = 0) -> Mode {
    .training(RandomSource(Generator(seed: seed)), step: step)
  }

  /// Drawn inputs and labels. `isFlipped`: other values where labels are missing.
  static func batch(observedShare: Double = 0.5, isFlipped: Bool = false) -> Batch {
    var generator = Generator(seed: 1)
    let input = (0..<clips * 30).map { _ in Float(generator.normal()) }
    var targets = (0..<clips * classes).map { _ in Float(generator.index(below: 2)) }
    let observed = targets.map { _ in Float(generator.uniform() < observedShare ? 1 : 0) }
    for entry in targets.indices where isFlipped && observed[entry] == 0 {
      targets[entry] = 1 - targets[entry]
    }
    return Batch(
      clips: (0..<clips).map(String.init), input: Tensor(input, [clips, 1, 5, 6]),
      targets: Tensor(targets, [clips, classes]), observed: Tensor(observed, [clips, classes]),
      embeddings: ToyFeatures.embeddings(clips: clips, seed: 1))
  }

  /// The batch as the clips of a training set, without what is under missing labels.
  static func context(_ batch: Batch) -> StageContext {
    let (targets, observed) = (batch.targets.values, batch.observed.values)
    let members = batch.clips.enumerated().map { n, id in
      Clip(
        id: id, audio: nil, split: .train, seconds: 1,
        labels: (n * classes..<(n + 1) * classes).map { observed[$0] == 1 ? targets[$0] : nil })
    }
    return StageContext(clips: members) { $0(batch.input, .evaluation()).probabilities.values }
  }
}
