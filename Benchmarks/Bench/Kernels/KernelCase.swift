// One operation on one shape, and how much work that is.
import Autograd

/// A kernel as the benchmark calls it, through the operation it belongs to.
struct KernelCase {
  /// What a repetition does at least, however it is computed.
  enum Work {
    /// Multiplications and additions of the direct computation.
    case operations(Double)
    /// Bytes of every input read once and every result written once.
    case bytes(Double)
  }

  /// "conv2d input gradient".
  let kernel: String
  let shape: String
  let work: Work
  let body: () -> Void

  /// An operation's forward pass on constants.
  static func forward(
    _ kernel: String, _ shape: String, _ work: Work, _ operation: @escaping () -> Tensor
  ) -> KernelCase {
    KernelCase(kernel: kernel, shape: shape, work: work) { _ = operation() }
  }

  /// The pullback alone of an operation that was recorded once.
  static func backward(
    _ kernel: String, _ shape: String, _ work: Work, _ operation: () -> Tensor
  ) -> KernelCase {
    let output = operation()
    let gradient = Tensor.fixedNormal(9, output.shape)
    return KernelCase(kernel: kernel, shape: shape, work: work) {
      _ = gradients(of: output, upstream: gradient)
    }
  }
}

/// Kernels that are made, and timed, together.
public enum KernelFamily: String, CaseIterable, Sendable {
  case convolutions, products, attention, normalizations, elementwise, rearrangements, spectra

  var cases: [KernelCase] {
    switch self {
    case .convolutions: KernelCase.convolutions()
    case .products: KernelCase.products()
    case .attention: KernelCase.attention()
    case .normalizations: KernelCase.normalizations()
    case .elementwise: KernelCase.elementwise()
    case .rearrangements: KernelCase.rearrangements()
    case .spectra: KernelCase.spectra()
    }
  }
}

extension Tensor {
  /// As a leaf, so that gradients flow to it.
  var recording: Tensor { Parameter(self).tensor }

  var bytes: Double { Double(4 * count) }
}
