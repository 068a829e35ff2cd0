// Layers with the weights that Keras stored, for networks that are run and never trained.
import Autograd
import WeightImport

/// Convolution and bias. Keras' kernels are [kh, kw, inputs, outputs].
struct FrozenConvolution: Sendable {
  /// [outputs, inputs, kh, kw]
  let weight: Tensor
  /// [outputs]
  let bias: Tensor

  /// [B, H, W, inputs] → [B, H′, W′, outputs]
  func callAsFunction(_ x: Tensor, padding: Extent = Extent(0)) -> Tensor {
    x.conv2d(weight, bias, padding: padding)
  }
}

/// Batch normalisation with the moments of training, over the last axis.
struct FrozenNormalization: Sendable {
  /// γ, β and moments, [C]
  let gamma, beta, mean, variance: Tensor

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
  let weight: Tensor
  /// [outputs]
  let bias: Tensor

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
