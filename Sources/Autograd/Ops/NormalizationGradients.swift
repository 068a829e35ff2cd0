// The gradients of batch normalisation and its epilogue.
import CKernels

/// The state that the backward pass of a batch normalisation needs.
/// `@unchecked Sendable`: after the forward pass its storages are only read.
struct NormalizationGradients: @unchecked Sendable {
  let x: Tensor
  let gamma, beta, mean, variance: Tensor
  let epsilon: Float
  /// Whether the statistics are constants.
  let isFixed: Bool
  let hasReLU: Bool
  /// The factor of dropout on the values that it kept; 1 without dropout.
  let passedScale: Float
  /// The output, if a ReLU or pooling followed.
  var output: Tensor?
  /// Whether a residual was added.
  let hasAddition: Bool
  /// The pooling windows and the position of each maximum, one byte per value; nil without pooling.
  var pooling: (plan: PooledRows, winners: Storage)?

  /// The gradients of input, gamma, beta and residual.
  ///
  /// With N rows, the normalised input x̂, and the gradient g after ReLU, pooling and dropout:
  /// dγ = Σ g·x̂, dβ = Σ g, dx = γ/σ · (g − Σg/N − x̂·Σ(g·x̂)/N), or γ/σ · g if the statistics are
  /// constants.
  func callAsFunction(_ gradient: Tensor, input: Bool, added: Bool) -> [Tensor?] {
    let channels = gamma.count
    let scale = Double(passedScale)
    let sums = sums(gradient).map { $0 * scale }
    let inverse = (0..<channels).map {
      1 / (Double(variance.pointer[$0]) + Double(epsilon)).squareRoot()
    }
    let dGamma = Tensor((0..<channels).map { Float(sums[channels + $0] * inverse[$0]) }, [channels])
    let dBeta = Tensor((0..<channels).map { Float(sums[$0]) }, [channels])
    guard input || added else { return [nil, dGamma, dBeta, nil] }
    let rows = Double(max(1, x.count / max(1, channels)))
    let a = (0..<channels).map { Double(gamma.pointer[$0]) * inverse[$0] }
    let share = isFixed ? 0 : 1 / rows
    let terms = GradientTerms(
      mean: mean, a: Tensor(a.map { Float($0 * scale) }, [channels]),
      k: Tensor(
        (0..<channels).map {
          Float(-a[$0] * inverse[$0] * inverse[$0] * sums[channels + $0] * share)
        }, [channels]),
      m: Tensor((0..<channels).map { Float(-a[$0] * sums[$0] * share) }, [channels]))
    let (dx, dAdded) = spread(gradient, terms, added: added)
    return [input ? dx : nil, dGamma, dBeta, added ? dAdded : nil]
  }

  private struct GradientTerms: Sendable {
    let mean, a, k, m: Tensor
    var pointers: scant_gradient_terms {
      scant_gradient_terms(mean: mean.pointer, a: a.pointer, k: k.pointer, m: m.pointer)
    }
  }

  /// Σ g and Σ g·(x − mean) per channel.
  private func sums(_ gradient: Tensor) -> [Double] {
    let channels = gamma.count
    if pooling != nil, let output, let sums = sums(ofWinners: output, gradient) { return sums }
    if let (plan, winners) = pooling {
      let part = plan.rowsOfAPart
      let sums = PartialSums(parts: (plan.rows + part - 1) / part, width: 2 * channels)
      plan.each { plan, row in
        scant_pooled_sums(
          plan, x.pointer, gradient.pointer, winners.bytes, mean.pointer, sums[row / part], row)
      }
      return sums.total()
    }
    return rowSums(x, gradient, passing: hasReLU ? output : nil, center: mean)
  }

  /// The same sums from the maxima, which are a quarter of the input or less:
  /// x − mean = (maximum − β)·σ/γ. nil if a residual was added, or if γ is so small compared with β
  /// that the difference would be inaccurate.
  private func sums(ofWinners output: Tensor, _ gradient: Tensor) -> [Double]? {
    let channels = 0..<gamma.count
    let isExact = channels.allSatisfy { abs(gamma.pointer[$0]) > 0.05 * abs(beta.pointer[$0]) }
    guard isExact, !hasAddition else { return nil }
    var sums = rowSums(output, gradient, passing: hasReLU ? output : nil, center: beta)
    for channel in channels {
      let std = (Double(variance.pointer[channel]) + Double(epsilon)).squareRoot()
      sums[gamma.count + channel] *= std / Double(gamma.pointer[channel])
    }
    return sums
  }

  /// Σ g and Σ g·(values − center) per channel, over the values for which `passing` is above 0.
  private func rowSums(
    _ values: Tensor, _ gradient: Tensor, passing: Tensor?, center: Tensor
  ) -> [Double] {
    let channels = gamma.count
    let part = values.rowsOfAPart
    let rows = values.count / max(1, channels)
    let sums = PartialSums(parts: (rows + part - 1) / part, width: 2 * channels)
    values.eachRows { start, rows, channels in
      let at = start * channels
      scant_normalize_sums(
        values.pointer + at, gradient.pointer + at, passing.map { $0.pointer + at }, rows, channels,
        center.pointer, sums[start / part])
    }
    return sums.total()
  }

  private func spread(
    _ gradient: Tensor, _ terms: GradientTerms, added: Bool
  ) -> (input: Tensor, added: Tensor?) {
    let dx = Tensor(uninitialized: x.shape)
    let passing = hasReLU ? output : nil
    let passesAll = pooling == nil && !hasReLU
    let dAdded = added && !passesAll ? Tensor(uninitialized: x.shape) : nil
    if let (plan, winners) = pooling {
      plan.each { plan, row in
        var terms = terms.pointers
        scant_pooled_back(
          plan, x.pointer, gradient.pointer, winners.bytes, &terms, dx.pointer, dAdded?.pointer, row
        )
      }
    } else {
      x.eachRows { start, rows, channels in
        let at = start * channels
        var terms = terms.pointers
        scant_normalize_back(
          x.pointer + at, gradient.pointer + at, passing.map { $0.pointer + at }, rows, channels,
          &terms, dx.pointer + at, dAdded.map { $0.pointer + at })
      }
    }
    return (dx, passesAll ? gradient : dAdded)
  }
}

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
