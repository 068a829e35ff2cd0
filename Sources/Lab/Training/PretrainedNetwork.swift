// The included networks: trained once, on single notes, and then used with frozen weights.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Models

/// The networks and their training. The included files were made with these settings.
public enum PretrainedNetwork: String, CaseIterable, Sendable {
  case bandNet = "band-net"
  case bandAST = "band-ast"

  public var fileName: String { "\(rawValue).safetensors" }

  public var summary: String {
    switch self {
    case .bandNet: "the extractor band-net, a small CNN on seconds of sound"
    case .bandAST: "the weights band-ast of the model ast, a small transformer on three seconds"
    }
  }

  /// The settings of one training.
  struct Settings: Sendable {
    /// Length of a note's clip, s.
    let seconds: Double
    let frontEnd: FrontEnd
    /// Whether each band is standardized over the training notes.
    let isStandardized: Bool
    let augmentation: Augmentation
    let batch: Int
    let learningRate: Double
    /// Share of the steps with a rising learning rate.
    let warmup: Double
    let weightDecay: Double
    /// Notes of each program: for training, and for scoring.
    var notes: Int
    var heldOut: Int
    var epochs: Int
  }

  var settings: Settings {
    switch self {
    case .bandNet:
      Settings(
        seconds: 1, frontEnd: .band, isStandardized: true,
        augmentation: Augmentation(bands: 4, frames: 2), batch: 64, learningRate: 4e-3,
        warmup: 0.05, weightDecay: 1e-5, notes: 200, heldOut: 25, epochs: 14)
    case .bandAST:
      Settings(
        seconds: 3, frontEnd: ASTModel.frontEnd(normalize: true, frames: 304),
        isStandardized: false, augmentation: Augmentation(bands: 12, frames: 24), batch: 16,
        learningRate: 7e-4, warmup: 0.1, weightDecay: 0, notes: 100, heldOut: 12, epochs: 8)
    }
  }

  /// A new network with an output for every program and key.
  func make(_ size: InputSize, _ random: RandomSource) -> any Classifier {
    switch self {
    case .bandNet:
      CNN(classes: NoteSource.answers, random: random)
    case .bandAST:
      ASTModel(
        classes: NoteSource.answers, size: BandAST.size, input: size, random: random)
    }
  }
}
