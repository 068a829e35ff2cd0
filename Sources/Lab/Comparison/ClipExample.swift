// Test clips of a finished run to look at: the sound's spectrogram, its labels and the predictions.
import Acoustics
import Datasets
import Foundation

/// A test clip with what a network said about it.
public struct ClipExample: Sendable, Equatable {
  public var clip: String
  /// Seconds of the sound.
  public var seconds: Double
  /// The mean absolute difference between observed labels and probabilities.
  public var error: Double
  /// One a class.
  public var labels: [LabelState]
  public var probabilities: [Float]
  /// Log-mel values as the model's front end gives them, `[bands, frames]`, lowest band first.
  public var spectrogram: [Float]
  public var bands: Int
  /// The sound as a WAV file; nil where it was not asked for.
  public var sound: Data?
}

/// The examples of a run with the names of their classes.
public struct ClipExamples: Sendable, Equatable {
  public var classes: [String]
  public var clips: [ClipExample]
}

extension RunExecutor {
  /// Test clips that the run predicts best and worst, half of each, in order of their error;
  /// blocking.
  ///
  /// - Parameters:
  ///   - count: The number of clips; fewer if the test has fewer with a label.
  ///   - withSound: Whether the sounds come along.
  /// - Throws: One line if the run has no predictions, or the data set or a sound cannot be read.
  public func examples(of folder: RunFolder, count: Int, withSound: Bool) throws -> ClipExamples {
    let recipe = try folder.readRecipe()
    let dataset = try data.open(recipe, progress: nil)
    let found = try RunPredictions(reading: folder, classes: dataset.classes.count)
    let clips = Dictionary(
      recipe.hiding(dataset.clips).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let judged = found.clips.enumerated().compactMap { row, id -> PredictedClip? in
      let scores = found.scores[row * dataset.classes.count..<(row + 1) * dataset.classes.count]
      return clips[id].flatMap { PredictedClip($0, Array(scores)) }
    }.sorted { ($0.error, $0.clip.id) < ($1.error, $1.clip.id) }
    let best = judged.prefix((count + 1) / 2)
    let chosen = Array(best) + judged.dropFirst(best.count).suffix(count / 2)
    try dataset.makeSounds(of: chosen.map(\.clip.id), threads: nil, progress: nil)
    let frontEnd = try data.spectrogram(recipe, dataset)
    return ClipExamples(
      classes: dataset.classes,
      clips: try chosen.map { try $0.example(frontEnd, withSound: withSound) })
  }
}

/// A test clip with a sound file and at least one observed label.
private struct PredictedClip {
  let clip: Clip
  let file: URL
  let scores: [Float]
  let error: Double

  init?(_ clip: Clip, _ scores: [Float]) {
    let differences = zip(clip.labels, scores).compactMap { label, score in
      label.map { Double(abs($0 - score)) }
    }
    guard let file = clip.audio, !differences.isEmpty else { return nil }
    (self.clip, self.file, self.scores) = (clip, file, scores)
    error = differences.reduce(0, +) / Double(differences.count)
  }

  func example(_ frontEnd: FrontEnd, withSound: Bool) throws -> ClipExample {
    let waveform = try AudioFile.read(file)
    let picture = try frontEnd(waveform)
    return ClipExample(
      clip: clip.id, seconds: waveform.seconds, error: error,
      labels: clip.labels.map { LabelState($0) }, probabilities: scores,
      spectrogram: picture.values, bands: picture.bands,
      sound: withSound ? AudioFile.wav(waveform) : nil)
  }
}
