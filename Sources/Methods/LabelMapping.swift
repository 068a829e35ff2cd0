// Output mappings of a reprogrammed network: a linear layer, or old classes for new ones.
import Autograd
import Datasets
import Layers

/// The settings of the output mapping.
enum OutputChoice {
  enum Mapping: String, CaseIterable, HyperparameterValue { case linear, labels }
  enum Assignment: String, CaseIterable, HyperparameterValue { case data, random }

  static let mapping = Hyperparameter<Mapping>(
    "mapping", "mapping",
    help: "linear: a trained layer reads the embedding; labels: old classes stand for new ones",
    initial: .linear)
  static let sources = Hyperparameter<Int>(
    "sources", "sources", help: "labels: old classes for each new one, fewer where there are few",
    initial: 3, range: 1...100)
  static let assignment = Hyperparameter<Assignment>(
    "assignment", "assignment",
    help: "labels: old classes by what the network says of the training clips, or by the seed",
    initial: .data)

  static let hyperparameters: [any ListedHyperparameter] = [mapping, sources, assignment]
}

/// Many-to-one label mapping: the logit of a class is the mean of the logits of m classes that the
/// network was trained on. No class of the network stands for two. Nothing in it is trained.
///
/// Papers: Elsayed, Goodfellow & Sohl-Dickstein 2019, arXiv:1806.11146; several classes for one,
/// chosen by the training data, Tsai, Chen & Ho 2020, arXiv:2007.08714.
/// Differs: the mean runs over logits instead of probabilities, because the outputs of a
/// multi-label network are close to 0, where the sigmoid passes hardly any gradient.
struct LabelMapping: Parametric {
  /// [C, S]: 1/m where a class of the network stands for a new class, otherwise 0.
  private let matrix: Parameter
  /// The sums of the network's logits over the clips without and with a class, [2, C, S], and the
  /// numbers of clips, [2, C].
  private let sums, counts: Parameter
  private let width: Int
  private let isLearned: Bool

  /// A mapping of S = `sources` classes of a network to C = `classes` new ones, at first at random.
  ///
  /// - Throws: `SettingsError` if the network has fewer classes than the data set.
  init(sources: Int, classes: Int, settings: Settings, random: RandomSource) throws {
    guard sources >= classes else {
      throw SettingsError(
        key: "mapping", problem: "the network has \(sources) classes for \(classes) new ones",
        expected: "mapping: linear, or a network with more classes")
    }
    let width = min(settings[OutputChoice.sources], sources / classes)
    self.width = width
    isLearned = settings[OutputChoice.assignment] == .data
    var order = Array(0..<sources)
    random.generator.shuffle(&order)
    let chosen = (0..<classes).map { Array(order[$0 * width..<($0 + 1) * width]) }
    matrix = Parameter(Self.matrix(chosen, of: sources), isTrainable: false)
    sums = Parameter(.zeros([2, classes, sources]), isTrainable: false)
    counts = Parameter(.zeros([2, classes]), isTrainable: false)
  }

  /// Logits [B, S] of the network → logits [B, C].
  func callAsFunction(_ logits: Tensor) -> Tensor { logits.linear(matrix.value) }

  /// Adds the network's logits [B, S] of training clips, and chooses the classes of the network
  /// whose mean logit rises most where a new class is present.
  func learn(_ logits: Tensor, targets: Tensor, observed: Tensor) {
    guard isLearned, observed.values.contains(where: { $0 > 0 }) else { return }
    let (classes, sources) = (matrix.value.shape[0], matrix.value.shape[1])
    var (sums, counts) = (self.sums.value.values, self.counts.value.values)
    let (rows, labels, known) = (logits.values, targets.values, observed.values)
    for entry in labels.indices where known[entry] > 0 {
      let place = (labels[entry] >= 0.5 ? classes : 0) + entry % classes
      counts[place] += 1
      for source in 0..<sources {
        sums[place * sources + source] += rows[entry / classes * sources + source]
      }
    }
    self.sums.value = Tensor(sums, [2, classes, sources])
    self.counts.value = Tensor(counts, [2, classes])
    matrix.value = Self.matrix(chosen(), of: sources)
  }

  /// The classes of the network for each new class: the largest rise of all first. A class without
  /// both kinds of clips has no rise and takes what is left.
  private func chosen() -> [[Int]] {
    let (classes, sources) = (matrix.value.shape[0], matrix.value.shape[1])
    let (sums, counts) = (sums.value.values, counts.value.values)
    func rise(_ entry: Int) -> Float {
      let row = entry / sources
      guard counts[row] > 0, counts[classes + row] > 0 else { return -.infinity }
      return sums[classes * sources + entry] / counts[classes + row] - sums[entry] / counts[row]
    }
    let rises = (0..<classes * sources).map(rise)
    var chosen = [[Int]](repeating: [], count: classes)
    var taken = [Bool](repeating: false, count: sources)
    let order = rises.indices.sorted {
      rises[$0] == rises[$1] ? $0 < $1 : rises[$0] > rises[$1]
    }
    for entry in order {
      let (row, source) = (entry / sources, entry % sources)
      guard !taken[source], chosen[row].count < width else { continue }
      chosen[row].append(source)
      taken[source] = true
    }
    return chosen
  }

  private static func matrix(_ chosen: [[Int]], of sources: Int) -> Tensor {
    var values = [Float](repeating: 0, count: chosen.count * sources)
    for (row, picks) in chosen.enumerated() {
      for source in picks { values[row * sources + source] = 1 / Float(picks.count) }
    }
    return Tensor(values, [chosen.count, sources])
  }
}
