// The harmonic CNN as it stands in the catalogue: learned filters and the network behind them.
import Acoustics
import Autograd
import Layers

/// Power spectra [B, 1, 257, T] through the harmonic filter bank into the harmonic CNN.
/// 3,631,551 parameters for 50 classes and 128 channels (pools `mtat`), 3,623,070 for 17 (`dcase`).
/// Paper: Won, Chun, Nieto & Serra 2020, doi:10.1109/ICASSP40776.2020.9053669.
public final class HarmonicTagger: Classifier {
  private let bank: HarmonicFilterBank
  private let network: HarmonicCNN

  /// A network with random initial weights; `learnsQ` trains the bandwidth of the filters.
  public init(
    classes: Int, width: Int = 128, pools: HarmonicCNN.Pools = .magnaTagATune,
    dropout: Double = 0.5, learnsQ: Bool = true, random: RandomSource
  ) {
    bank = HarmonicFilterBank(learned: learnsQ)
    network = HarmonicCNN(
      classes: classes, harmonics: bank.bank.harmonics, width: width, pools: pools,
      dropout: dropout, random: random)
  }

  /// As in the authors' checkpoints.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    bank.namedParameters.map { ("hstft.\($0.name)", $0.parameter) } + network.namedParameters
  }

  /// The embedding [B, 2·width] is the maximum over time.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let spectra = input.reshape([input.shape[0], input.shape[2], input.shape[3]])
    return network(bank(spectra.transpose([0, 2, 1]), mode), mode)
  }
}

extension HarmonicTagger: ModelBlueprint {
  /// Id, title, summary, paper and settings.
  public static let card = Card(
    id: "harmonic-cnn", title: "Harmonic CNN",
    summary: "Learned harmonic filters and seven convolutional blocks; 3.6 million parameters",
    paper: "Won et al. 2020, doi:10.1109/ICASSP40776.2020.9053669",
    hyperparameters: [width, pools, segment, learnQ, dropout])

  private static let width = Hyperparameter<Int>(
    "width", "Width", help: "channels of the first four blocks, half those of the others",
    initial: 128, range: 2...256)
  private static let pools = Hyperparameter<HarmonicCNN.Pools>(
    "pools", "Pools", help: "last two poolings: 2x3 (mtat, from 4.6 s on) or 2x2 (dcase, 2.1 s)",
    initial: .magnaTagATune)
  private static let segment = Hyperparameter<Double>(
    "segment", "Segment",
    help: "seconds it sees at a time: a random one in training, 16 in scoring; 0: the clip",
    initial: 5, range: 0...60)
  private static let learnQ = Hyperparameter<Bool>(
    "learnQ", "Learn Q", help: "whether the filters' common bandwidth is learned", initial: true)
  private static let dropout = Hyperparameter<Double>(
    "dropout", "Dropout", help: "share of the hidden layer hidden in training", initial: 0.5,
    range: 0...0.9)

  public static func input(_ settings: Settings) -> ModelInput {
    .frontEnd(.harmonic, standardized: false)
  }

  public static func segmentation(_ settings: Settings) -> Segmentation? {
    let seconds = settings[segment]
    return seconds > 0 ? Segmentation(seconds: seconds) : nil
  }

  public static func make(
    classes: Int, input: InputSize, settings: Settings, random: RandomSource
  ) throws -> any Classifier {
    let pools = settings[Self.pools]
    guard input.bands == FrontEnd.harmonic.transform.bands else {
      throw SettingsError(
        key: "model.id", problem: "harmonic-cnn takes no input of \(input.bands) bands",
        expected: "power spectra of \(FrontEnd.harmonic.transform.bands) bins")
    }
    guard input.frames >= pools.leastFrames else {
      throw SettingsError(
        key: "model.pools", problem: "\(input.frames) frames are too few for \(pools.rawValue)",
        expected: "at least 288 (4.6 s) with mtat, 128 (2.1 s) with dcase: a longer model.segment")
    }
    return HarmonicTagger(
      classes: classes, width: settings[width], pools: pools,
      dropout: settings[dropout], learnsQ: settings[learnQ], random: random)
  }
}
