// Batches of notes for pre-training, the loss and the score.
import Acoustics
import Autograd
import Datasets
import Layers

/// Not Sendable: it belongs to one training.
struct NoteLesson {
  /// nil: spectrograms are not standardized.
  let standardizer: Standardizer?
  private let train: [NoteSource.Example]
  private static let stream = 0x6C65_7373

  init(train: [NoteSource.Example], isStandardized: Bool) {
    self.train = train
    standardizer = isStandardized ? Standardizer(fitting: train.map(\.spectrogram)) : nil
  }

  var size: InputSize {
    InputSize(
      bands: train.first?.spectrogram.bands ?? 0, frames: train.first?.spectrogram.frames ?? 0)
  }

  func stepsPerEpoch(_ size: Int) -> Int { (train.count + size - 1) / size }

  /// The batches of an epoch, shuffled.
  func batches(of size: Int, epoch: Int, seed: Int) -> [[Int]] {
    var order = Array(train.indices)
    var generator = Generator(seed: seed, Self.stream, epoch)
    generator.shuffle(&order)
    return stride(from: 0, to: order.count, by: size).map {
      Array(order[$0..<min($0 + size, order.count)])
    }
  }

  /// [B, 1, M, T]
  func input(_ indices: [Int]) -> Tensor { input(indices.map { train[$0] }) }

  private func input(_ notes: [NoteSource.Example]) -> Tensor {
    let values = notes.flatMap { (standardizer?($0.spectrogram) ?? $0.spectrogram).values }
    return Tensor(values, [notes.count, 1, size.bands, size.frames])
  }

  /// Cross-entropy of the program plus that of the key, each the mean over the batch.
  func loss(_ prediction: Prediction, _ indices: [Int]) -> Tensor {
    let logits = prediction.logits
    let notes = indices.map { train[$0] }
    return logits.slice(1, Self.programs).crossEntropy(notes.map(\.program))
      + logits.slice(1, Self.keys).crossEntropy(
        notes.map { $0.key - NoteSource.keys.lowerBound })
  }

  /// Top-1 accuracy of program and key.
  func accuracy(
    of model: any Classifier, on notes: [NoteSource.Example]
  ) -> (program: Double, key: Double) {
    var (programs, keys) = (0, 0)
    for start in stride(from: 0, to: notes.count, by: 64) {
      let some = Array(notes[start..<min(start + 64, notes.count)])
      let logits = model(input(some), .evaluation()).logits
      programs += zip(logits.slice(1, Self.programs).largest, some).count { $0 == $1.program }
      keys += zip(logits.slice(1, Self.keys).largest, some).count {
        $0 + NoteSource.keys.lowerBound == $1.key
      }
    }
    let count = Double(max(notes.count, 1))
    return (Double(programs) / count, Double(keys) / count)
  }

  private static let programs = 0..<NoteSource.programs
  private static let keys = NoteSource.programs..<NoteSource.answers
}

extension Prediction {
  fileprivate var logits: Tensor {
    switch output {
    case .logits(let values), .probabilities(let values): values
    }
  }
}

extension Tensor {
  /// Of logits [B, C] and a class a row: the mean of ln Σ eᶻ − z of the class.
  fileprivate func crossEntropy(_ answers: [Int]) -> Tensor {
    let width = shape[1]
    var chosen = [Float](repeating: 0, count: count)
    for (row, answer) in answers.enumerated() { chosen[row * width + answer] = 1 }
    let shifted = self - detached.max(1).reshape([shape[0], 1])
    let sum = shifted.exp().sum([1]).log()
    return (sum - (shifted * Tensor(chosen, shape)).sum([1])).mean()
  }

  /// The index of the largest value of each row of [B, C].
  fileprivate var largest: [Int] {
    let (values, width) = (values, shape[1])
    return (0..<shape[0]).map { row in
      let line = values[row * width..<(row + 1) * width]
      return (line.indices.max { line[$0] < line[$1] } ?? line.startIndex) - line.startIndex
    }
  }
}
