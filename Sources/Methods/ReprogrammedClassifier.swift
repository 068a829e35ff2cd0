// A network with somebody else's weights in the middle: what goes in is changed, what comes out is
// read anew.
import Autograd
import Layers

/// pre-processor (perhaps none) → backbone → output mapping of its embedding.
///
/// A frozen backbone computes as in evaluation, keeps no gradient of its weights and lets that of
/// its input through. Weights that came from a file are not part of the state: the state has a mark
/// of the file in their place, and nothing else than that file fits it.
/// Paper: Chen & Lerch 2022, arXiv:2211.08379.
final class ReprogrammedClassifier: InputChanging {
  private let input: (any Layer)?
  private let backbone: any Backbone
  private let output: OutputMapping
  private let isFrozen: Bool
  /// Of a frozen backbone from a file.
  private let mark: Parameter?

  init(
    _ backbone: any Backbone, input: (any Layer)? = nil, isFrozen: Bool, classes: Int,
    random: RandomSource
  ) {
    self.input = input
    self.backbone = backbone
    self.isFrozen = isFrozen
    output = OutputMapping(backbone.embeddingWidth, classes, random: random)
    mark = isFrozen ? backbone.origin.map { Parameter(fixed: $0.mark) } : nil
    if isFrozen { for (_, parameter) in backbone.namedParameters { parameter.freeze() } }
  }

  /// `input.…`, `output.…`, and `backbone.…` or `backbone.digest`.
  var namedParameters: [(name: String, parameter: Parameter)] {
    func named(_ prefix: String, _ all: [(name: String, parameter: Parameter)])
      -> [(name: String, parameter: Parameter)]
    { all.map { ("\(prefix).\($0.name)", $0.parameter) } }
    let own =
      named("input", input?.namedParameters ?? []) + named("output", output.namedParameters)
    if let mark { return own + [("backbone.digest", mark)] }
    return own + named("backbone", backbone.body)
  }

  var parameterCount: Int {
    let parts = (input?.parameterCount ?? 0) + output.parameterCount
    return backbone.body.map(\.parameter.value.count).reduce(parts, +)
  }

  /// [B, 1, M, T] or [B, T, D] to logits [B, C]; the embedding is the backbone's.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let backbone = self.backbone
    let seen = changed(input, mode)
    let embedding = backbone(seen, isFrozen ? mode.frozen : mode).embedding
    return Prediction(.logits(output(embedding, mode)), embedding: embedding)
  }

  var changesInput: Bool { input != nil }

  func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    guard let layer = self.input else { return input }
    return layer(input.asPicture, mode).reshape(input.shape)
  }
}
