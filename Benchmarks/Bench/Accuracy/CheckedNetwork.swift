// The networks that reference files exist for, with their inputs in the files' layout.
import Autograd
import Layers

/// A network without dropout, and what its output is compared with.
struct CheckedNetwork: Sendable {
  enum Answer: Sendable { case logits, probabilities, map }

  /// The name of its folder.
  let id: String
  let answer: Answer
  let make: @Sendable () -> Network

  static let all = [
    CheckedNetwork(id: "cnn", answer: .logits) { CNNWorkload.network() },
    CheckedNetwork(id: "unet", answer: .map) { UNetWorkload.network().takingChannelsFirst },
    CheckedNetwork(id: "attention", answer: .probabilities) {
      AttentionWorkload.network(dropout: 0)
    },
    CheckedNetwork(id: "harmonic-cnn", answer: .logits) {
      HarmonicCNNWorkload.network(dropout: 0).takingChannelsFirst
    },
    CheckedNetwork(id: "ast-small", answer: .logits) { ASTSmallWorkload.network() },
  ]

  /// From the targets and the mask in the files.
  func objective(_ files: ReferenceFiles) throws -> Objective {
    let target = try files.required("target")
    switch answer {
    case .logits:
      return .logits(targets: target, observed: try files.required("observed"))
    case .probabilities:
      return .probabilities(targets: target, observed: try files.required("observed"))
    case .map: return .map(target)
    }
  }
}

extension Network {
  /// The same network on [B, C, H, W]; maps come out in that order too.
  fileprivate var takingChannelsFirst: Network {
    Network(parameters) { input, mode in
      let output = forward(input.transpose([0, 2, 3, 1]), mode)
      return output.shape.count == 4 ? output.transpose([0, 3, 1, 2]) : output
    }
  }
}
