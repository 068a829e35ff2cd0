// Predictions for sound files of any length: the windows of a file, scored by a trained run.
import Acoustics
import Datasets
import Foundation
import Layers
import Metrics

/// What a run predicts for one sound file.
public struct SoundPrediction: Sendable, Equatable {
  /// A part of the file that was scored as one clip.
  public struct Window: Sendable, Equatable {
    /// In s from the beginning of the file.
    public let start, end: Double
    /// A probability for each class.
    public let student: [Float]
    public let teacher: [Float]?

    package init(start: Double, end: Double, student: [Float], teacher: [Float]?) {
      (self.start, self.end, self.student, self.teacher) = (start, end, student, teacher)
    }
  }

  /// The path as it was given.
  public let file: String
  /// The duration of the file, s.
  public let seconds: Double
  /// In the order of time. Together they cover the whole file.
  public let windows: [Window]

  package init(file: String, seconds: Double, windows: [Window]) {
    (self.file, self.seconds, self.windows) = (file, seconds, windows)
  }

  /// One probability a class for the whole file.
  public func pooled(_ pooling: WindowPooling) -> (student: [Float], teacher: [Float]?) {
    let teachers = windows.compactMap(\.teacher)
    return (
      pooling.pool(windows.map(\.student)), teachers.isEmpty ? nil : pooling.pool(teachers)
    )
  }
}

/// How the probabilities of a file's windows become the file's.
public enum WindowPooling: String, Sendable, CaseIterable {
  /// A class that is heard in one window is in the file.
  case max
  case mean

  func pool(_ rows: [[Float]]) -> [Float] {
    guard let first = rows.first else { return [] }
    return first.indices.map { column in
      let values = rows.map { $0[column] }
      switch self {
      case .max: return values.reduce(0, Swift.max)
      case .mean: return values.reduce(0, +) / Float(values.count)
      }
    }
  }
}

/// Scores sound files with the networks of a run. Not Sendable: it belongs to whoever made it.
public final class Predictor {
  /// Windows that are scored together.
  private static let batch = 16

  private let model: TrainedModel
  private let features: (Waveform) throws -> Spectrogram
  /// What is joined to the features; nil for most models.
  private let companion: ((Waveform) throws -> Spectrogram)?

  /// Loads the best checkpoint of a run. Throws one line if there is none or it does not fit.
  public convenience init(_ folder: RunFolder) throws { try self.init(TrainedModel(folder)) }

  init(_ model: TrainedModel) throws {
    self.model = model
    features = try model.input.extractor(seconds: model.seconds).makeWorker()
    companion = try model.input.companionMaker(seconds: model.seconds)?.makeWorker()
  }

  public var classes: [String] { model.classes }
  /// Whether exactly one class of each clip is positive.
  public var isSingleLabel: Bool { model.isSingleLabel }
  public var hasTeacher: Bool { model[.teacher] != nil }
  public var recipe: Recipe { model.recipe }
  /// `student` or `teacher`: the network that is the method's result.
  public var result: String { model.result.rawValue }
  /// The length of a window, s: that of the clips the run was trained on.
  public var seconds: Double { model.seconds }

  /// Scores a file window by window; only a few windows are in memory at a time.
  ///
  /// A file that is shorter than a window is one window. The last window of a longer file ends with
  /// the file, so it overlaps the one before it unless the lengths divide evenly.
  ///
  /// - Parameters:
  ///   - file: A sound file.
  ///   - hop: From the start of a window to the start of the next, s; above 0 and at most the
  ///     window's length, so that nothing is skipped. Nil: the window's length.
  ///   - progress: Called with the seconds that are scored. Return false to cancel.
  /// - Throws: `AudioError` for a file that cannot be read to its end; `LabError` for a file
  ///   without a single frame; `CancellationError`.
  public func predict(
    _ file: URL, hop: Double? = nil, progress: ((Double) -> Bool)? = nil
  ) throws -> SoundPrediction {
    let rate = try AudioFile.info(file).sampleRate
    var cutter = WindowCutter(seconds: seconds, hop: hop ?? seconds, rate: rate)
    var windows: [SoundPrediction.Window] = []
    var waiting: [WindowCutter.Piece] = []
    func flush(_ least: Int) throws {
      while waiting.count >= least, !waiting.isEmpty {
        windows += try score(Array(waiting.prefix(Self.batch)), rate, file)
        waiting.removeFirst(min(Self.batch, waiting.count))
        if progress?(windows.last?.end ?? 0) == false { throw CancellationError() }
      }
    }
    try AudioFile.blocks(file) { samples in
      waiting += cutter.add(samples)
      try flush(Self.batch)
      return true
    }
    waiting += cutter.finish()
    try flush(1)
    return SoundPrediction(
      file: file.relativePath, seconds: Double(cutter.count) / Double(rate), windows: windows)
  }

  private func score(
    _ pieces: [WindowCutter.Piece], _ rate: Int, _ file: URL
  ) throws -> [SoundPrediction.Window] {
    let sounds = pieces.map { Waveform(samples: $0.samples, sampleRate: rate) }
    let data = model.sounds(
      try sounds.map(features), try companion.map { try sounds.map($0) } ?? [])
    guard let data else {
      throw LabError("\(file.path): no sound to score; expected at least one frame")
    }
    let indices = Array(pieces.indices)
    let student = data.probabilities(of: model.networks[0].classifier, at: indices)
    let teacher = model[.teacher].map { data.probabilities(of: $0, at: indices) }
    func row(_ values: [Float], _ index: Int) -> [Float] {
      Array(values[index * classes.count..<(index + 1) * classes.count])
    }
    return pieces.enumerated().map { index, piece in
      SoundPrediction.Window(
        start: Double(piece.start) / Double(rate),
        end: Double(piece.start + piece.samples.count) / Double(rate),
        student: row(student, index), teacher: teacher.map { row($0, index) })
    }
  }
}

/// Cuts samples that arrive block by block into windows of equal length. It keeps the samples of
/// one window at most, and of the block that it was given.
package struct WindowCutter {
  package struct Piece: Equatable {
    /// Index of the first sample in the file.
    package let start: Int
    package let samples: [Float]

    package init(start: Int, samples: [Float]) { (self.start, self.samples) = (start, samples) }
  }

  /// Samples so far.
  package private(set) var count = 0
  private let length, hop: Int
  /// Where the next window begins.
  private var next = 0
  /// The end of the last window that was cut.
  private var covered = 0
  private var held: [Float] = []
  private var heldStart = 0

  package init(seconds: Double, hop: Double, rate: Int) {
    length = max(1, Int((seconds * Double(rate)).rounded()))
    self.hop = min(max(1, Int((hop * Double(rate)).rounded())), length)
  }

  /// The windows that this block completes.
  package mutating func add(_ samples: UnsafeBufferPointer<Float>) -> [Piece] {
    held += samples
    count += samples.count
    var pieces: [Piece] = []
    while next + length <= count {
      pieces.append(piece(next))
      covered = next + length
      next += hop
    }
    // The last window of the file may reach back by its whole length.
    let needless = max(0, min(next, count - length) - heldStart)
    held.removeFirst(needless)
    heldStart += needless
    return pieces
  }

  /// The window that ends with the file; none if the last one did.
  package mutating func finish() -> [Piece] {
    guard count > covered else { return [] }
    covered = count
    return [piece(max(0, count - length))]
  }

  private func piece(_ start: Int) -> Piece {
    let end = min(start + length, count)
    return Piece(start: start, samples: Array(held[start - heldStart..<end - heldStart]))
  }
}
