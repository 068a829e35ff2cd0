import Autograd

/// Squeeze-and-excitation: every channel of [B, H, W, C] is scaled by a number in 0...1 that a
/// small network computes from the means of all channels.
///
/// ```swift
/// let random = RandomSource(Generator(seed: 1))
/// let layer = SqueezeExcitation(48, hidden: 16, random: random)
/// let maps = layer(Tensor(repeating: 1, [8, 32, 24, 48]), .evaluation())  // [8, 32, 24, 48]
/// ```
///
/// The small network is dense layer, ReLU, dense layer, gate. Paper: Hu et al. 2018,
/// arXiv:1709.01507; with the hard sigmoid Howard et al. 2019, arXiv:1905.02244.
public struct SqueezeExcitation: Layer {
  /// The function that maps the output of the small network to 0...1.
  public enum Gate: Sendable {
    /// The logistic function.
    case sigmoid
    /// min(max(x + 3, 0), 6) / 6, as in MobileNetV3.
    case hardSigmoid
  }

  /// The dense layer C → hidden.
  public let fc1: Linear
  /// The dense layer hidden → C.
  public let fc2: Linear
  private let gate: Gate

  /// A layer for `channels` channels C with random initial weights.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - hidden: The number of values between the two dense layers.
  ///   - gate: The function behind the second one.
  ///   - random: Draws the initial weights.
  public init(_ channels: Int, hidden: Int, gate: Gate = .sigmoid, random: RandomSource) {
    fc1 = Linear(channels, hidden, random: random)
    fc2 = Linear(hidden, channels, random: random)
    self.gate = gate
  }

  /// Scales the channels of images [B, H, W, C].
  public func callAsFunction(_ x: Tensor, _ mode: Mode) -> Tensor {
    let excitation = fc2(fc1(x.globalMean(), mode).relu(), mode)  // [B, C]
    let scale = gate == .sigmoid ? excitation.sigmoid() : excitation.hardSigmoid()
    return x * scale.reshape([x.shape[0], 1, 1, x.shape[3]])
  }
}
