// A classifier whose embedding is worth having: what can be frozen and given another head.
import Autograd

/// A network that was, or may have been, trained for something else.
public protocol Backbone: Classifier {
  /// D of `Prediction.embedding`.
  var embeddingWidth: Int { get }
  /// Parameters of its own answers begin with this; the embedding does not depend on them.
  static var head: String { get }
  /// The file its weights came from; nil: they were drawn.
  var origin: WeightOrigin? { get }
}

extension Backbone {
  public var origin: WeightOrigin? { nil }

  /// The parameters that the embedding depends on.
  public var body: [(name: String, parameter: Parameter)] {
    namedParameters.filter { !$0.name.hasPrefix(Self.head) }
  }
}

/// Which weights, of which file.
public struct WeightOrigin: Sendable, Equatable {
  /// As errors name it.
  public let file: String
  /// Hexadecimal digits that depend on every name, shape and value.
  public let digest: String

  public init(file: String, digest: String) {
    self.file = file
    self.digest = digest
  }

  /// The digits as numbers, for a checkpoint: it names frozen weights instead of repeating them.
  public var mark: Tensor {
    let digits = digest.map { Float($0.hexDigitValue ?? 0) }
    return Tensor(digits, [digits.count])
  }
}
