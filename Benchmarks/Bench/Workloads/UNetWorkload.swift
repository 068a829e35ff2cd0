// Forward and backward through the U-Net.
import Autograd
import Layers
import Models

/// [4, 1024, 128, 1] spectrograms to a fixed map: forward, mean squared error, backward; no
/// optimizer.
struct UNetWorkload: Workload {
  static let id = "unet"
  static let summary = "forward and backward of the U-Net on 4 spectrograms of 1024 x 128"
  static let items = 4
  static let precisions = Precision.allCases

  private let step: TrainingStep

  init(_ precision: Precision) {
    let shape = [Self.items, 1024, 128, 1]
    step = TrainingStep(
      Self.network(), .fixedNormal(1, shape), .map(.fixedNormal(2, shape)), learningRate: nil,
      precision: precision)
  }

  func repetition() { step() }

  /// 1,285 parameters.
  static func network() -> Network {
    let network = UNet(random: TrainingStep.random(1))
    return Network(network) { network($0, $1) }
  }
}
