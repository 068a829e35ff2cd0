// Synthesis: labelled clips are mixed into new training clips.
import Acoustics
import Autograd
import Datasets
import Layers

/// B1's loss on batches in which a share of the clips is replaced by mixtures of labelled clips of
/// the batch. A mixture has 2 to `polyphony` clips; the added ones are up to 10 dB louder or softer
/// than they were recorded. A class is present in it if it is known to be present in one of its
/// clips, absent if it is known to be absent in all of them, else unknown.
/// Paper: Wang et al. 2021, arXiv:2110.09600, which synthesizes its data set FSD-MIX-CLIPS.
/// Differs: the paper synthesizes soundscapes of 1 to 5 events once, from clips of one event each
/// and Brownian noise. Here clips of any content are mixed anew in every step, as powers of
/// spectrograms.
public final class Synthesis: Method {
  /// Id, title, summary, paper and hyperparameters.
  public static let card = Card(
    id: "synthesis", title: "Synthesis",
    summary: "labelled clips are mixed into new training clips, with the labels of all of them",
    paper: "Wang et al. 2021, arXiv:2110.09600", hyperparameters: [share, polyphony])

  static let share = Hyperparameter<Double>(
    "share", "share", help: "share of each batch that is replaced by mixtures", initial: 0.5,
    range: 0...1)
  static let polyphony = Hyperparameter<Int>(
    "polyphony", "polyphony", help: "largest number of clips in a mixture", initial: 2,
    range: 2...8)

  /// The largest change of level of an added clip, dB.
  static let levels = 10.0

  public let model: any Classifier
  private let augmentation: Augmentation
  private let scale: PowerScale
  private let share: Double
  private let polyphony: Int

  public init(_ setup: MethodSetup) throws {
    guard setup.input.count == 3 else {
      throw SettingsError(
        key: "method.id", problem: "'synthesis' mixes spectrograms, and this model has none",
        expected: "a model with a spectrogram as input")
    }
    model = try setup.makeModel()
    augmentation = setup.augmentation
    scale = setup.augmentation.scale ?? PowerScale(naturalLogOf: setup.input[1])
    share = setup[Self.share]
    polyphony = setup[Self.polyphony]
  }

  public func loss(_ batch: Batch, _ mode: Mode) -> Loss {
    let augmented = augmentation(mode.training ? mixed(batch, &mode.random.generator) : batch, mode)
    return Loss(supervised: model(augmented.input, mode), augmented)
  }

  /// The batch with mixtures in place of some clips.
  package func mixed(_ batch: Batch, _ generator: inout Generator) -> Batch {
    let rows = batch.clips.count
    let labelled = (0..<rows).filter { !batch.unlabelled.contains($0) }
    let wanted = Int((share * Double(rows)).rounded())
    guard wanted > 0, labelled.count > 1 else { return batch }
    var others = [[AddedClip]](repeating: [], count: rows)
    for row in labelled.shuffled(using: &generator).prefix(wanted) {
      let count = 1 + generator.index(below: polyphony - 1)
      let partners = labelled.filter { $0 != row }.shuffled(using: &generator).prefix(count)
      others[row] = partners.map {
        AddedClip(row: $0, gain: Level.power(generator.uniform(-Self.levels, Self.levels)))
      }
    }
    return batch.adding(others, of: batch, scale)
  }
}
