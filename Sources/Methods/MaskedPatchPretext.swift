// Self-supervised learning from hidden patches of a spectrogram.
import Autograd
import Layers

/// Squares of a spectrogram are hidden, and the network reconstructs them. The loss is the mean
/// squared difference over the hidden values.
/// Paper: the generative objective of Gong et al. 2022, arXiv:2110.09784 (SSAST).
/// Differs: hidden values are set to 0 before the patches are cut, since the patches overlap, as in
/// Xie et al. 2022, arXiv:2111.09886 (SimMIM), with squares on a grid. There is no contrastive
/// objective. The decoder also sees the embedding of the clip, so that the class token learns.
final class MaskedPatchPretext: Pretext {
  private let network: PatchNetwork
  private let share: Double

  var trained: any Classifier { network }

  /// `share` of the squares are hidden.
  init(_ backbone: any PatchBackbone, share: Double, random: RandomSource) {
    network = PatchNetwork(backbone, random: random)
    self.share = share
  }

  func loss(_ input: Tensor, _ mode: Mode) -> PretextLoss {
    let hidden = mask(input.shape, &mode.random.generator)
    let seen = input * hidden.affine(scale: -1, shift: 1)
    let (patches, embedding) = network.reconstruction(of: seen, mode)
    let counted = network.backbone.patches(of: hidden)
    let difference = (patches - network.backbone.patches(of: input)) * counted
    let loss = difference.squared().sum() / max(counted.sum().item, 1)
    return PretextLoss(name: "patches", value: loss, embedding: embedding)
  }

  /// 1 where a value of [B, 1, M, T] is hidden: a share of the squares of each clip.
  private func mask(_ shape: [Int], _ generator: inout Generator) -> Tensor {
    let (bands, frames, side) = (shape[2], shape[3], network.backbone.patchSize)
    let columns = (frames + side - 1) / side
    var squares = Array(0..<(bands + side - 1) / side * columns)
    let count = max(1, Int((share * Double(squares.count)).rounded()))
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    for clip in 0..<shape[0] {
      generator.shuffle(&squares)
      for square in squares.prefix(count) {
        let (top, left) = (square / columns * side, square % columns * side)
        for band in top..<min(top + side, bands) {
          let row = (clip * bands + band) * frames
          for frame in left..<min(left + side, frames) { values[row + frame] = 1 }
        }
      }
    }
    return Tensor(values, shape)
  }

  private var layers: PretextLayers { PretextLayers(named: network.own) }
  var memory: [String: Tensor] { layers.memory }
  func restore(_ memory: [String: Tensor], step: Int) throws { try layers.restore(memory) }
}

/// A backbone with a decoder: two layers for each patch, and the embedding of the clip.
private final class PatchNetwork: Classifier {
  let backbone: any PatchBackbone
  private let decoder: Decoder

  private struct Decoder: Parametric {
    let patch, clip, values: Linear
  }

  init(_ backbone: any PatchBackbone, random: RandomSource) {
    self.backbone = backbone
    let (width, area) = (backbone.embeddingWidth, backbone.patchSize * backbone.patchSize)
    decoder = Decoder(
      patch: Linear(width, width, random: random),
      clip: Linear(width, width, bias: false, random: random),
      values: Linear(width, area, random: random))
  }

  var namedParameters: NamedParameters {
    backbone.body.map { ("backbone.\($0.name)", $0.parameter) } + own
  }

  /// What the backbone has not.
  var own: NamedParameters { decoder.namedParameters(under: "decoder") }

  /// The values of all patches, [B, n, side²], and the embedding [B, D].
  func reconstruction(of input: Tensor, _ mode: Mode) -> (patches: Tensor, embedding: Tensor) {
    let (patches, embedding) = backbone.encoded(input, mode)
    let clip = decoder.clip(embedding, mode).reshape([input.shape[0], 1, -1])
    let wide = (decoder.patch(patches, mode) + clip).gelu()
    return (decoder.values(wide, mode), embedding)
  }

  /// The values of all patches in place of logits.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let (patches, embedding) = reconstruction(of: input, mode)
    return Prediction(.logits(patches), embedding: embedding)
  }
}
