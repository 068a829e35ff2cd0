// Mean and variance per channel. The sums may come from the operation that wrote the tensor.
import CKernels

/// Σ x and Σ x² per channel of a tensor [..., C], computed by the operation that wrote it.
struct ChannelSums: Sendable {
  let first: [Double]
  let second: [Double]

  /// `sums` holds Σ x of all channels, then Σ x² of all channels.
  init(_ sums: [Double]) {
    first = Array(sums[..<(sums.count / 2)])
    second = Array(sums[(sums.count / 2)...])
  }
}

extension Tensor {
  /// Mean and biased variance [C] over all rows of [..., C].
  func channelMoments() -> (mean: Tensor, variance: Tensor) {
    let channels = shape.last ?? 1
    if let sums = storage.channelSums, sums.first.count == channels,
      let moments = moments(sums, center: [Float](repeating: 0, count: channels))
    {
      return moments
    }
    // One pass is enough if the first row is close to the mean, as it nearly always is.
    let guess = count == 0 ? [] : Array(UnsafeBufferPointer(start: pointer, count: channels))
    let sums = centeredSums(guess)
    if let moments = moments(sums, center: guess) { return moments }
    let rows = Double(Swift.max(1, count / Swift.max(1, channels)))
    let center = zip(guess, sums.first).map { Float(Double($0) + $1 / rows) }
    return moments(centeredSums(center), center: center, isFinal: true)
      ?? (.zeros([channels]), .zeros([channels]))
  }

  /// nil if the subtraction would lose more than three of a float's seven digits.
  private func moments(
    _ sums: ChannelSums, center: [Float], isFinal: Bool = false
  ) -> (mean: Tensor, variance: Tensor)? {
    let rows = Double(Swift.max(1, count / Swift.max(1, center.count)))
    var (means, variances): ([Float], [Float]) = ([], [])
    for (channel, middle) in center.enumerated() {
      let offset = sums.first[channel] / rows
      let square = sums.second[channel] / rows
      let variance = Swift.max(0, square - offset * offset)
      if !isFinal && offset * offset > 1000 * variance { return nil }
      means.append(Float(Double(middle) + offset))
      variances.append(Float(variance))
    }
    return (Tensor(means, [means.count]), Tensor(variances, [variances.count]))
  }

  /// Sums of x − center and of (x − center)². The parts are summed in order.
  private func centeredSums(_ center: [Float]) -> ChannelSums {
    let channels = center.count
    let middle = Tensor(center, [channels])
    let sums = PartialSums(
      parts: (count / Swift.max(1, channels) + rowsOfAPart - 1) / rowsOfAPart, width: 2 * channels)
    eachRows { start, rows, channels in
      scant_moment_sums(
        pointer + start * channels, rows, channels, middle.pointer,
        sums[start / rowsOfAPart])
    }
    return ChannelSums(sums.total())
  }
}

/// Partial sums: one row of doubles per part of a loop, added up in order afterwards.
///
/// `@unchecked Sendable`: each part writes only its own row, and the total is taken afterwards.
struct PartialSums: @unchecked Sendable {
  private let storage: Storage
  private let parts, width: Int

  init(parts: Int, width: Int) {
    (self.parts, self.width) = (Swift.max(1, parts), width)
    storage = Storage(2 * self.parts * width)
    storage.doubles.update(repeating: 0, count: self.parts * width)
  }

  subscript(part: Int) -> UnsafeMutablePointer<Double> { storage.doubles + part * width }

  func total() -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    for part in 0..<parts {
      let row = self[part]
      for column in 0..<width { sum[column] += row[column] }
    }
    return sum
  }
}
