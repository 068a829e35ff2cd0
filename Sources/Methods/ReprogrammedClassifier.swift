// A network of a reprogramming design: what is before, inside and behind the backbone.
import Autograd
import Datasets
import Layers

/// What is trained inside a backbone while its own weights are frozen.
public protocol BackboneUpdates: Parametric {
  /// The mode in which the backbone computes with the changes. `mode` records them, `frozen` is
  /// that of the backbone.
  func applied(in mode: Mode, frozen: Mode) -> Mode
  /// What becomes of the embedding [B, D], of the same shape.
  func embedding(_ embedding: Tensor, _ mode: Mode) -> Tensor
}

extension BackboneUpdates {
  public func embedding(_ embedding: Tensor, _ mode: Mode) -> Tensor { embedding }
}

/// An optional pre-processor, a backbone, and an output mapping of its embedding.
///
/// A frozen backbone runs in evaluation mode. Gradients flow to its input, but not to its weights.
/// Weights from a file are not part of the state; the state has a digest of the file instead and
/// can be restored only with that file.
/// Paper: Chen & Lerch 2022, arXiv:2211.08379.
final class ReprogrammedClassifier: InputChanging {
  private let input: (any Layer)?
  private let backbone: any Backbone
  private let output: Output
  private let isFrozen: Bool
  private let updates: (any BackboneUpdates)?
  /// The digest of the weight file of a frozen backbone; nil without a file.
  private let digest: Parameter?

  private enum Output {
    case linear(OutputMapping)
    case labels(LabelMapping, any SourceClassifier)
  }

  /// `labels`: the mapping of the backbone's own classes; nil for a new linear layer.
  init(
    _ backbone: any Backbone, input: (any Layer)? = nil, use: ReprogrammingBackbone,
    updates: (any BackboneUpdates)? = nil, labels: LabelMapping? = nil, classes: Int,
    random: RandomSource
  ) {
    self.input = input
    self.backbone = backbone
    self.updates = updates
    isFrozen = use == .frozen
    if let labels, let sources = backbone as? any SourceClassifier {
      output = .labels(labels, sources)
    } else {
      output = .linear(OutputMapping(backbone.embeddingWidth, classes, random: random))
    }
    digest = isFrozen ? backbone.origin.map { Parameter(fixed: $0.mark) } : nil
    guard use != .trained else { return }
    for (name, parameter) in backbone.namedParameters
    where isFrozen || !name.hasSuffix("bias") { parameter.freeze() }
  }

  /// `input.…`, `updates.…`, `output.…`, and `backbone.…` or `backbone.digest`.
  var namedParameters: NamedParameters {
    let own =
      (input?.namedParameters(under: "input") ?? [])
      + (updates?.namedParameters(under: "updates") ?? [])
      + outputPart.namedParameters(under: "output")
    if let digest { return own + [("backbone.digest", digest)] }
    return own + backbone.body.map { ("backbone.\($0.name)", $0.parameter) }
  }

  private var outputPart: any Parametric {
    switch output {
    case .linear(let mapping): mapping
    case .labels(let mapping, _): mapping
    }
  }

  var parameterCount: Int {
    let parts =
      (input?.parameterCount ?? 0) + (updates?.parameterCount ?? 0) + outputPart.parameterCount
    return backbone.body.map(\.parameter.value.count).reduce(parts, +)
  }

  /// Predicts inputs [B, 1, M, T] or [B, T, D]. The embedding is that of the backbone.
  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let backbone = self.backbone
    let own = isFrozen ? mode.frozen : mode
    let used = updates?.applied(in: mode, frozen: own) ?? own
    let plain = backbone(changed(input, mode), used).embedding
    let embedding = updates?.embedding(plain, mode) ?? plain
    let logits =
      switch output {
      case .linear(let mapping): mapping(embedding, mode)
      case .labels(let mapping, let sources): mapping(sources.sourceLogits(embedding))
      }
    return Prediction(.logits(logits), embedding: embedding)
  }

  /// Shows the clips of a batch to a label mapping that is chosen by training data: what the
  /// backbone says of them as they are.
  func learnLabels(_ batch: Batch) {
    guard case .labels(let mapping, let sources) = output else { return }
    let embedding = sources(batch.input, .evaluation()).embedding
    mapping.learn(
      sources.sourceLogits(embedding), targets: batch.targets, observed: batch.observed)
  }

  var changesInput: Bool { input != nil }

  func changed(_ input: Tensor, _ mode: Mode) -> Tensor {
    guard let layer = self.input else { return input }
    return layer(input.asImages, mode).reshape(input.shape)
  }
}
