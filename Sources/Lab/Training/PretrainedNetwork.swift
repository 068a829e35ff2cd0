// The networks of our own that are trained once, on single notes, and then used as they are.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers
import Methods
import Models

/// What is trained, on what, and for how long. The file that comes with the program was made with
/// these settings.
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

  /// What one training is made of.
  struct Settings: Sendable {
    /// Length of a note's clip, s.
    let seconds: Double
    let frontEnd: FrontEnd
    /// Whether each band is brought to mean 0 and deviation 1 over the training notes.
    let isStandardized: Bool
    let augmentation: Augmentation
    let batch: Int
    let learningRate: Double
    /// Share of the steps over which the rate rises.
    let warmup: Double
    let weightDecay: Double
    /// Of each program: to train on, and to score on.
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

  /// Fresh, with an answer for every program and key.
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
