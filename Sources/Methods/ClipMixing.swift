// Clips that are heard at once: powers add up, and so does what is known of their labels.
import Acoustics
import Autograd
import Datasets
import Foundation
import Layers

/// A sound that is added to a clip of a batch.
struct AddedClip {
  /// The row of the added clip.
  let row: Int
  /// The factor of its power.
  let gain: Double
}

/// Levels in dB.
enum Level {
  /// The factor of a power.
  static func power(_ decibels: Double) -> Double { pow(10, decibels / 10) }
}

extension Augmentation {
  /// The largest attenuation of a background, dB.
  static let softest = -20.0

  /// Adds other clips of the batch, and unlabelled ones that come with it.
  func mixingPowers(_ batch: Batch, _ mode: Mode) -> Batch {
    guard mode.training, let scale, batch.input.shape.count == 4 else { return batch }
    var batch = batch
    if mixClips > 0 {
      let others = partners(of: batch.clips.count, &mode.random.generator)
      batch = batch.adding(others, of: batch, scale)
    }
    if background > 0, let source = batch.background {
      let others = backgrounds(
        batch.clips.count, among: source.shape[0], &mode.random.generator)
      batch = batch.adding(others, of: batch.unknown(source), scale)
    }
    return batch
  }

  /// Another clip for a share of the clips.
  private func partners(of count: Int, _ generator: inout Generator) -> [[AddedClip]] {
    guard count > 1 else { return [[AddedClip]](repeating: [], count: count) }
    return (0..<count).map { row in
      guard generator.uniform() < mixClips else { return [] }
      return [AddedClip(row: (row + 1 + generator.index(below: count - 1)) % count, gain: 1)]
    }
  }

  private func backgrounds(
    _ count: Int, among available: Int, _ generator: inout Generator
  ) -> [[AddedClip]] {
    (0..<count).map { _ in
      guard available > 0, generator.uniform() < background else { return [] }
      let gain = Level.power(generator.uniform(Self.softest, 0))
      return [AddedClip(row: generator.index(below: available), gain: gain)]
    }
  }
}

extension Batch {
  /// Clips of which nothing is known but the sound.
  fileprivate func unknown(_ sounds: Tensor) -> Batch {
    let count = sounds.shape[0]
    let labels = Tensor(repeating: 0, [count, targets.shape[1]])
    var batch = Batch(
      clips: (0..<count).map { "background \($0)" }, input: sounds, targets: labels,
      observed: labels)
    batch.unlabelled = Set(0..<count)
    return batch
  }

  /// The batch with other clips of `source` added to its own.
  ///
  /// The powers of the spectrograms add up. A class is present if it is known to be present in one
  /// of the clips, absent if it is known to be absent in all of them, else unknown. Features of
  /// pre-trained networks become the mean of those of the clips, since a mixture has none of its
  /// own.
  ///
  /// - Parameters:
  ///   - others: By row, the clips to add; a row without any stays as it is.
  ///   - source: The batch that they are from.
  ///   - scale: From values to powers.
  /// - Precondition: The inputs are [B, 1, M, T] with M bands of the scale.
  func adding(_ others: [[AddedClip]], of source: Batch, _ scale: PowerScale) -> Batch {
    var mixed = self
    mixed.input = added(others, source.input, scale)
    (mixed.targets, mixed.observed) = union(others, source)
    for (id, own) in embeddings {
      guard let features = source.embeddings[id] else { continue }
      mixed.embeddings[id] = mean(others, own, features)
    }
    mixed.unlabelled = unlabelled.filter { row in
      others[row].allSatisfy { source.unlabelled.contains($0.row) }
    }
    return mixed
  }

  private func added(
    _ others: [[AddedClip]], _ source: Tensor, _ scale: PowerScale
  ) -> Tensor {
    let (bands, frames) = (input.shape[2], input.shape[3])
    precondition(
      bands == scale.bands && Array(source.shape.dropFirst()) == Array(input.shape.dropFirst()),
      "spectrograms of \(scale.bands) bands")
    let (own, other) = (input.values, source.values)
    var values = own
    for (row, added) in others.enumerated() where !added.isEmpty {
      for band in 0..<bands {
        for frame in 0..<frames {
          let place = band * frames + frame
          let here = row * bands * frames + place
          var power = scale.power(of: own[here], band: band)
          for clip in added {
            let value = other[clip.row * bands * frames + place]
            power += clip.gain * scale.power(of: value, band: band)
          }
          values[here] = scale.value(ofPower: power, band: band)
        }
      }
    }
    return Tensor(values, input.shape)
  }

  /// Targets and observed flags of the mixtures.
  private func union(
    _ others: [[AddedClip]], _ source: Batch
  ) -> (targets: Tensor, observed: Tensor) {
    let classes = targets.shape[1]
    var (values, known) = (targets.values, observed.values)
    let (sourceTargets, sourceKnown) = (source.targets.values, source.observed.values)
    for (row, added) in others.enumerated() {
      for clip in added {
        for column in 0..<classes {
          let (here, there) = (row * classes + column, clip.row * classes + column)
          (values[here], known[here]) = Self.union(
            (values[here], known[here]), (sourceTargets[there], sourceKnown[there]))
        }
      }
    }
    return (Tensor(values, targets.shape), Tensor(known, observed.shape))
  }

  /// What is known of a class in two clips at once. A missing label has the target 0.
  static func union(
    _ one: (target: Float, observed: Float), _ other: (target: Float, observed: Float)
  ) -> (target: Float, observed: Float) {
    let known = [one, other].filter { $0.observed > 0 }.map(\.target)
    guard let most = known.max(), most >= 0.5 || known.count == 2 else { return (0, 0) }
    return (most, 1)
  }

  private func mean(_ others: [[AddedClip]], _ own: Tensor, _ source: Tensor) -> Tensor {
    let width = own.shape[1]
    let (added, mine) = (source.values, own.values)
    var values = mine
    for (row, clips) in others.enumerated() where !clips.isEmpty {
      for i in 0..<width {
        let sum = clips.reduce(mine[row * width + i]) { $0 + added[$1.row * width + i] }
        values[row * width + i] = sum / Float(clips.count + 1)
      }
    }
    return Tensor(values, own.shape)
  }
}
