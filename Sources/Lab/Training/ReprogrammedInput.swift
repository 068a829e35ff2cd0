// What a trained part in front of a network makes of a clip: to be looked at beside the clip.
import Autograd
import Datasets
import Layers

/// A clip as it goes into a network's first part, and as it comes out.
public struct ReprogrammedInput: Sendable, Equatable {
  public var clip: String
  /// Updates before it was made.
  public var step: Int
  public var bands, frames: Int
  /// `bands × frames` each, row-major, low band first, in the unit that the network is fed.
  public var original, changed: [Float]

  public init(
    clip: String, step: Int, bands: Int, frames: Int, original: [Float], changed: [Float]
  ) {
    self.clip = clip
    self.step = step
    self.bands = bands
    self.frames = frames
    self.original = original
    self.changed = changed
  }

  /// Of the clip's first piece, without chance; nil where the network changes nothing.
  init?(_ clip: Clip.ID, _ input: Tensor, by model: any Classifier, step: Int) {
    guard let model = model as? any InputChanging, model.changesInput else { return nil }
    let changed = model.changed(input, .evaluation())
    let (original, spectrogram) = (Self.upright(input), Self.upright(changed))
    self.init(
      clip: clip, step: step, bands: original.shape[0], frames: original.shape[1],
      original: original.values, changed: spectrogram.values)
  }

  /// [1, 1, M, T] or [1, T, D] to [M, T].
  private static func upright(_ input: Tensor) -> Tensor {
    let plane = input.detached.reshape(Array(input.shape.suffix(2)))
    return input.shape.count == 3 ? plane.transpose([1, 0]) : plane
  }
}

extension SplitData {
  /// Nil where the clip is not here, or nothing is changed.
  package func reprogrammed(
    _ id: Clip.ID, by model: any Classifier, step: Int
  ) -> ReprogrammedInput? {
    guard let index = clips.firstIndex(where: { $0.id == id }) else { return nil }
    return ReprogrammedInput(id, view([index], segment: 0), by: model, step: step)
  }
}
