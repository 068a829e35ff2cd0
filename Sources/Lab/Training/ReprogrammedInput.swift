// The input of a reprogrammed network before and after its trained preprocessor, for display.
import Autograd
import Datasets
import Layers

/// The input of one clip, original and changed by the preprocessor.
public struct ReprogrammedInput: Sendable, Equatable {
  public var clip: String
  /// The number of updates before it was computed.
  public var step: Int
  public var bands, frames: Int
  /// `bands × frames` values, row-major, low band first, in the unit of the network's input.
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

  /// The input for the clip's first segment in evaluation mode; nil if the network does not change
  /// its input.
  init?(_ clip: Clip.ID, _ input: Tensor, by model: any Classifier, step: Int) {
    guard let model = model as? any InputChanging, model.changesInput else { return nil }
    let changed = model.changed(input, .evaluation())
    let (original, spectrogram) = (Self.upright(input), Self.upright(changed))
    self.init(
      clip: clip, step: step, bands: original.shape[0], frames: original.shape[1],
      original: original.values, changed: spectrogram.values)
  }

  /// Reshapes [1, 1, M, T] or [1, T, D] to [M, T].
  private static func upright(_ input: Tensor) -> Tensor {
    let plane = input.detached.reshape(Array(input.shape.suffix(2)))
    return input.shape.count == 3 ? plane.transpose([1, 0]) : plane
  }
}

extension SplitData {
  /// Nil if the clip is not in this split, or if the network does not change its input.
  func reprogrammed(
    _ id: Clip.ID, by model: any Classifier, step: Int
  ) -> ReprogrammedInput? {
    guard let index = clips.firstIndex(where: { $0.id == id }) else { return nil }
    return ReprogrammedInput(id, view([index], segment: 0), by: model, step: step)
  }
}

extension Trainer {
  /// The changed input of a clip at this step; also after the run has ended. `answer` is called on
  /// the trainer's queue, with nil if the clip is unknown or its input is not changed.
  public func reprogrammed(
    clip: String, answer: @escaping @Sendable (ReprogrammedInput?) -> Void
  ) {
    queue.async {
      guard let model = self.learner?.method.model else { return answer(nil) }
      let step = self.position.step
      let splits = [self.plan.train, self.plan.validation, self.plan.test]
      let found = splits.lazy.compactMap { $0.reprogrammed(clip, by: model, step: step) }.first
      answer(found)
    }
  }
}
