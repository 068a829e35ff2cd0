// The layers of a Keras weight file, by kind and number.
import Autograd
import Formats
import WeightImport

/// Keras writes weights as "conv2d_12/kernel:0", often below the layer's name a second time.
struct NumberedLayers {
  struct Layer {
    /// Such as "conv2d_12".
    let name: String
    fileprivate let table: WeightTable
    fileprivate let paths: [String: String]

    /// The weight `kind` ("kernel", "bias", "gamma", …). Throws `Problem`.
    func take(_ kind: String, _ shape: [Int]) throws -> Tensor {
      try table.take(paths[kind] ?? "\(name)/\(kind)", shape)
    }
  }

  private let layers: [Layer]

  init(_ table: WeightTable) {
    var paths: [String: [String: String]] = [:]
    for path in table.tensors.keys {
      let parts = path.split(separator: "/").map(String.init).filter { $0 != "model_weights" }
      guard let layer = parts.first, let last = parts.last, parts.count > 1 else { continue }
      let kind = last.split(separator: ":").first.map(String.init) ?? last
      paths[layer, default: [:]][kind] = path
    }
    layers = paths.map { Layer(name: $0, table: table, paths: $1) }
  }

  /// Layers of one kind, "conv2d", "conv2d_1", "conv2d_2", …, in the order of their numbers.
  func named(_ kind: String) -> [Layer] {
    layers.compactMap { layer -> (number: Int, layer: Layer)? in
      guard layer.name.hasPrefix(kind) else { return nil }
      let rest = layer.name.dropFirst(kind.count)
      if rest.isEmpty { return (0, layer) }
      guard rest.first == "_", let number = Int(rest.dropFirst()) else { return nil }
      return (number, layer)
    }.sorted { $0.number < $1.number }.map(\.layer)
  }
}

/// Convolution and bias. Keras' kernels are [kh, kw, inputs, outputs].
struct FrozenConvolution: Sendable {
  /// [outputs, inputs, kh, kw]
  var weight: Tensor
  /// [outputs]
  var bias: Tensor

  /// [B, H, W, inputs] → [B, H′, W′, outputs]
  func callAsFunction(_ x: Tensor, padding: Extent = Extent(0)) -> Tensor {
    x.conv2d(weight, bias, padding: padding)
  }
}

/// Batch normalisation with the moments of training, over the last axis.
struct FrozenNormalization: Sendable {
  /// γ and β, [C]
  var gamma, beta: Tensor
  /// The moments, [C]
  let mean, variance: Tensor

  /// Keras' default; PyTorch's is a hundredth of it.
  static let epsilon: Float = 1e-3

  func callAsFunction(_ x: Tensor, relu: Bool = false, pool: Extent? = nil) -> Tensor {
    x.batchNorm(
      gamma, beta, mean: mean, variance: variance, epsilon: Self.epsilon,
      Epilogue(relu: relu, pool: pool))
  }
}

/// A dense layer. Keras' kernels are [inputs, outputs].
struct FrozenDense: Sendable {
  /// [outputs, inputs]
  var weight: Tensor
  /// [outputs]
  var bias: Tensor

  func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight, bias) }
}

/// Layers by name from a Keras file. Every weight must be there with the expected shape.
struct KerasLayers {
  private let file: WeightFile

  init(_ file: WeightFile) { self.file = file }

  func convolution(
    _ layer: String, kernel: Extent, _ inputs: Int, _ outputs: Int
  ) throws -> FrozenConvolution {
    let kernel = try values(layer, "kernel", [kernel.height, kernel.width, inputs, outputs])
    return FrozenConvolution(
      weight: kernel.transpose([3, 2, 0, 1]), bias: try values(layer, "bias", [outputs]))
  }

  func normalization(_ layer: String, _ channels: Int) throws -> FrozenNormalization {
    FrozenNormalization(
      gamma: try values(layer, "gamma", [channels]), beta: try values(layer, "beta", [channels]),
      mean: try values(layer, "moving_mean", [channels]),
      variance: try values(layer, "moving_variance", [channels]))
  }

  func dense(_ layer: String, _ inputs: Int, _ outputs: Int) throws -> FrozenDense {
    FrozenDense(
      weight: try values(layer, "kernel", [inputs, outputs]).transpose([1, 0]),
      bias: try values(layer, "bias", [outputs]))
  }

  /// Keras appends `_1` and the like to a weight's name when a model was built more than once.
  private func values(_ layer: String, _ weight: String, _ shape: [Int]) throws -> Tensor {
    let plain = "\(layer)/\(weight):0"
    let numbered = file.tensors.first {
      $0.name.hasPrefix("\(layer)/\(weight)_") && $0.name.hasSuffix(":0")
        && $0.name.dropFirst(plain.count - 1).dropLast(2).allSatisfy(\.isNumber)
    }
    let name = file[plain] == nil ? numbered?.name ?? plain : plain
    return Tensor(try file.values(name, shape: shape), shape)
  }
}
