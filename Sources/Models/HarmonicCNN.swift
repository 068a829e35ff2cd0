// The harmonic CNN: a learned harmonic filter bank and a residual network.
import Acoustics
import Autograd
import Layers

/// Seven convolutional blocks, two of them plain and five residual, on harmonic spectra [B, F, T,
/// 6] whose channels are harmonics; then the maximum over time and two linear layers.
/// 3,631,550 parameters for 50 classes and 128 channels; the front end adds its Q.
/// Paper: Won, Chun, Nieto & Serra 2020, doi:10.1109/ICASSP40776.2020.9053669.
public final class HarmonicCNN: Classifier {
  /// The pooling windows of the last two blocks.
  public enum Pools: String, CaseIterable, HyperparameterValue {
    /// 2 × 3: 128 bands and 313 frames become one position.
    case magnaTagATune = "mtat"
    /// 2 × 2: 128 bands and 188 frames become one position, 313 frames two.
    case dcase

    /// The minimum number of frames for all poolings: 2⁵·3², or 2⁷.
    var leastFrames: Int { self == .magnaTagATune ? 288 : 128 }

    var last: Extent { self == .magnaTagATune ? Extent(2, 3) : Extent(2) }
  }

  private let hconv_bn: BatchNorm
  private let conv_2d: Body
  private let dropout: Dropout

  /// The input has `harmonics` channels; the first four blocks have `width`, the others twice it.
  public init(
    classes: Int, harmonics: Int = 6, width: Int = 128, pools: Pools = .magnaTagATune,
    dropout: Double = 0.5, random: RandomSource
  ) {
    hconv_bn = BatchNorm(harmonics)
    conv_2d = Body(harmonics, width, classes, pools.last, random)
    self.dropout = Dropout(dropout)
  }

  /// Predicts spectra [B, F, T, harmonics]. F and T must be large enough for seven poolings.
  public func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let map = conv_2d(hconv_bn(input, mode), mode)
    let embedding = map.globalMax()  // [B, 2·width]
    let hidden = conv_2d.bn(conv_2d.fc_1(embedding, mode.exact), relu: true, mode)
    return Prediction(.logits(conv_2d.fc_2(dropout(hidden, mode), mode)), embedding: embedding)
  }

  /// All layers after the normalisation of the input; the labels are those of checkpoints.
  private struct Body: Parametric {
    let res1: PlainBlock
    let res2, res3, res4: ResidualBlock
    let res5: PlainBlock
    let res6, res7: ResidualBlock
    let fc_1: Linear
    let bn: BatchNorm
    let fc_2: Linear

    init(_ inputs: Int, _ width: Int, _ classes: Int, _ last: Extent, _ random: RandomSource) {
      let half = Extent(2)
      res1 = PlainBlock(inputs, width, half, random)
      res2 = ResidualBlock(width, half, random)
      res3 = ResidualBlock(width, half, random)
      res4 = ResidualBlock(width, half, random)
      res5 = PlainBlock(width, 2 * width, half, random)
      res6 = ResidualBlock(2 * width, last, random)
      res7 = ResidualBlock(2 * width, last, random)
      fc_1 = Linear(2 * width, 2 * width, random: random)
      bn = BatchNorm(2 * width)
      fc_2 = Linear(2 * width, classes, random: random)
    }

    /// [B, F, T, harmonics] → [B, F′, T′, 2·width].
    func callAsFunction(_ input: Tensor, _ mode: Mode) -> Tensor {
      let first = [res2, res3, res4].reduce(res1(input, mode)) { $1($0, mode) }
      return [res6, res7].reduce(res5(first, mode)) { $1($0, mode) }
    }
  }
}

private func conv3x3(_ inputs: Int, _ outputs: Int, _ random: RandomSource) -> Conv2d {
  Conv2d(inputs, outputs, kernel: Extent(3), padding: Extent(1), random: random)
}

/// Convolution, norm, ReLU, max-pooling.
private struct PlainBlock: Parametric {
  let conv: Conv2d
  let bn: BatchNorm
  let pool: Extent

  init(_ inputs: Int, _ outputs: Int, _ pool: Extent, _ random: RandomSource) {
    conv = conv3x3(inputs, outputs, random)
    bn = BatchNorm(outputs)
    self.pool = pool
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    bn(conv(x, mode), relu: true, pool: pool, mode)
  }
}

/// Two convolutions whose result is added to their input; ReLU, max-pooling.
private struct ResidualBlock: Parametric {
  let conv_1, conv_2: Conv2d
  let bn_1, bn_2: BatchNorm
  let pool: Extent

  init(_ width: Int, _ pool: Extent, _ random: RandomSource) {
    conv_1 = conv3x3(width, width, random)
    conv_2 = conv3x3(width, width, random)
    bn_1 = BatchNorm(width)
    bn_2 = BatchNorm(width)
    self.pool = pool
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let inner = bn_1(conv_1(x, mode), relu: true, mode)
    return bn_2(conv_2(inner, mode), adding: x, relu: true, pool: pool, mode)
  }
}

/// The harmonic filter bank and the harmonic CNN on power spectra [B, 1, 257, T].
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

  /// The parameters, with the names of the authors' checkpoints.
  public var namedParameters: NamedParameters {
    bank.namedParameters(under: "hstft") + network.namedParameters
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
    "width", "width", help: "channels of the first four blocks, half those of the others",
    initial: 128, range: 2...256)
  private static let pools = Hyperparameter<HarmonicCNN.Pools>(
    "pools", "pools", help: "last two poolings: 2x3 (mtat, from 4.6 s on) or 2x2 (dcase, 2.1 s)",
    initial: .magnaTagATune)
  private static let segment = Hyperparameter<Double>(
    "segment", "segment",
    help: "seconds it sees at a time: a random one in training, 16 in scoring; 0: the clip",
    initial: 5, range: 0...60)
  private static let learnQ = Hyperparameter<Bool>(
    "learnQ", "learn Q", help: "whether the filters' common bandwidth is learned", initial: true)
  private static let dropout = Hyperparameter<Double>(
    "dropout", "dropout", help: "dropout rate of the hidden layer", initial: 0.5,
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
