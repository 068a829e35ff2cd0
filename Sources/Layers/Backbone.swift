import Autograd

/// A classifier whose body can be pre-trained, frozen, and given another head.
public protocol Backbone: Classifier {
  /// The size D of `Prediction.embedding`.
  var embeddingWidth: Int { get }
  /// The prefix of the names of the head's parameters. The embedding does not depend on them.
  static var head: String { get }
  /// The file of the pre-trained weights; nil if the weights were initialised at random.
  var origin: WeightOrigin? { get }
}

extension Backbone {
  public var origin: WeightOrigin? { nil }

  /// The parameters of the body, on which the embedding depends.
  public var body: [(name: String, parameter: Parameter)] {
    namedParameters.filter { !$0.name.hasPrefix(Self.head) }
  }
}

/// Identifies pre-trained weights by file and digest.
public struct WeightOrigin: Sendable, Equatable {
  /// The path for error messages.
  public let file: String
  /// Hexadecimal digits that depend on every name, shape and value.
  public let digest: String

  /// The origin of weights read from `file`.
  public init(file: String, digest: String) {
    self.file = file
    self.digest = digest
  }

  /// The digits as numbers, [digits]: a checkpoint stores them instead of the frozen weights.
  public var mark: Tensor {
    let digits = digest.map { Float($0.hexDigitValue ?? 0) }
    return Tensor(digits, [digits.count])
  }
}
