// Kernels that compute more than they move: convolutions and matrix products.
import Autograd

extension KernelCase {
  /// The four 3×3 convolutions of the workload `cnn`, all three passes.
  static func convolutions() -> [KernelCase] {
    let layers = [(96, 320, 1, 32), (48, 160, 32, 64), (24, 80, 64, 128), (12, 40, 128, 256)]
    return layers.flatMap { height, width, inputs, outputs in
      let x = Tensor.fixedNormal(1, [32, height, width, inputs])
      let weight = Tensor.fixedNormal(2, [outputs, inputs, 3, 3])
      let shape = "\(x.shape) to \(outputs)"
      let work = Work.operations(Double(2 * 9 * x.count * outputs))
      let pad = Extent(1)
      return [
        forward("conv2d 3x3", shape, work) { x.conv2d(weight, padding: pad) },
        backward("conv2d 3x3 input gradient", shape, work) {
          x.recording.conv2d(weight, padding: pad)
        },
        backward("conv2d 3x3 weight gradient", shape, work) {
          x.conv2d(weight.recording, padding: pad)
        },
      ]
    }
  }

  /// Linear layers of attention pooling and of a transformer.
  static func products() -> [KernelCase] {
    [(2560, 128, 128), (1214, 768, 3072)].flatMap { rows, inputs, outputs in
      let x = Tensor.fixedNormal(1, [rows, inputs])
      let weight = Tensor.fixedNormal(2, [outputs, inputs])
      let shape = "\(x.shape) to \(outputs)"
      let work = Work.operations(Double(2 * x.count * outputs))
      return [
        forward("linear", shape, work) { x.linear(weight) },
        backward("linear input gradient", shape, work) { x.recording.linear(weight) },
        backward("linear weight gradient", shape, work) { x.linear(weight.recording) },
      ]
    }
  }

  /// Self-attention of the base transformer: 1214 tokens, 12 heads of 64.
  static func attention() -> [KernelCase] {
    let x = Tensor.fixedNormal(1, [1, 1214, 3 * 768])
    let products = Double(2 * 1214 * x.count / 3)  // of one product of tokens by tokens
    return [
      forward("self-attention", "\(x.shape)", .operations(2 * products)) {
        x.selfAttention(heads: 12)
      },
      backward("self-attention gradient", "\(x.shape)", .operations(4 * products)) {
        x.recording.selfAttention(heads: 12)
      },
    ]
  }
}
