// Kernels that move more than they compute: one or two passes over memory.
import Acoustics
import Autograd
import Layers

extension KernelCase {
  /// Batch norm, ReLU and max-pooling behind the first convolution of the workload `cnn`.
  static func normalizations() -> [KernelCase] {
    let x = Tensor.fixedNormal(1, [32, 96, 320, 32])
    let (gamma, beta) = (Tensor(repeating: 1, [32]), Tensor.zeros([32]))
    let shape = "\(x.shape)"
    func norm(_ x: Tensor, _ pool: Extent?) -> Tensor {
      x.batchNorm(gamma, beta, epsilon: 1e-5, Epilogue(relu: true, pool: pool)).output
    }
    let pooled = Work.bytes(x.bytes * 1.25)
    let kept = Work.bytes(x.bytes * 2)
    let keptBack = Work.bytes(x.bytes * 3)
    return [
      forward("batch norm, ReLU", shape, kept) { norm(x, nil) },
      backward("batch norm, ReLU gradient", shape, keptBack) { norm(x.recording, nil) },
      forward("batch norm, ReLU, pool 2x2", shape, pooled) { norm(x, Extent(2)) },
      backward("batch norm, ReLU, pool 2x2 gradient", shape, .bytes(x.bytes * 2.25)) {
        norm(x.recording, Extent(2))
      },
      forward("max-pool 2x2", shape, pooled) { x.maxPool2d(Extent(2)) },
      backward("max-pool 2x2 gradient", shape, pooled) { x.recording.maxPool2d(Extent(2)) },
    ]
  }

  /// One value in, one value out, or nearly so; and Adam on as many values as the harmonic CNN has.
  static func elementwise() -> [KernelCase] {
    let x = Tensor.fixedNormal(1, [1 << 22])
    let random = TrainingStep.random(3)
    let twice = Work.bytes(2 * x.bytes)
    let weights = Tensor.fixedNormal(2, [3_631_550])
    let tokens = Tensor.fixedNormal(4, [1214, 768])
    let (gamma, beta) = (Tensor(repeating: 1, [768]), Tensor.zeros([768]))
    var moments = AdamMoments(mean: .zeros(weights.shape), square: .zeros(weights.shape))
    return [
      forward("add", "\(x.shape)", .bytes(3 * x.bytes)) { x + x },
      forward("ReLU", "\(x.shape)", twice) { x.relu() },
      forward("sigmoid", "\(x.shape)", twice) { x.sigmoid() },
      forward("dropout", "\(x.shape)", twice) { x.dropout(0.5, random) },
      forward("GELU", "\(x.shape)", twice) { x.gelu() },
      forward("layer norm", "\(tokens.shape)", .bytes(2 * tokens.bytes)) {
        tokens.layerNorm(gamma, beta, epsilon: 1e-12)
      },
      KernelCase(kernel: "Adam", shape: "\(weights.shape)", work: .bytes(7 * weights.bytes)) {
        _ = moments.step(
          weights, weights, t: 1, rate: 1e-3, betas: (0.9, 0.999), epsilon: 1e-8, coupled: 1e-4,
          decoupled: 0)
      },
    ]
  }

  /// Upsampling in the U-Net, transposition, sums.
  static func rearrangements() -> [KernelCase] {
    let map = Tensor.fixedNormal(1, [4, 512, 64, 4])
    let x = Tensor.fixedNormal(1, [16, 128, 313, 6])
    return [
      forward("upsample x2", "\(map.shape)", .bytes(5 * map.bytes)) { map.upsample() },
      backward("upsample x2 gradient", "\(map.shape)", .bytes(5 * map.bytes)) {
        map.recording.upsample()
      },
      forward("transpose", "\(x.shape)", .bytes(2 * x.bytes)) { x.transpose([0, 3, 1, 2]) },
      forward("sum", "\(x.shape)", .bytes(x.bytes)) { x.sum() },
      forward("mean over positions", "\(x.shape)", .bytes(x.bytes)) { x.globalMean() },
    ]
  }

  /// Log-mel of a minute, in and out.
  static func spectra() -> [KernelCase] {
    let workload = LogMelWorkload(.fp32)
    return [
      KernelCase(
        kernel: "log-mel, 1 thread", shape: "[1920000] to [128, 3751]",
        work: .bytes(4 * (1_920_000 + 128 * 3751))
      ) { try? workload.repetition() }
    ]
  }
}
