import Foundation

/// The compression of band energies: a logarithm and its floor.
public enum Compression: Codable, Hashable, Sendable {
  /// Decibels: 10 log10(max(x, floor)). `fromPeak` subtracts the maximum of the clip. `range`
  /// limits values to the maximum minus `range` dB (librosa's `top_db`).
  case decibels(floor: Float = 1e-10, range: Float? = nil, fromPeak: Bool = false)
  /// ln(x + offset).
  case naturalLog(offset: Float)
  /// log10(offset + scale · x). musicnn uses offset 1 and scale 10,000 (Pons & Serra 2019).
  case log10(scale: Float, offset: Float)
  /// No compression.
  case none

  /// The logarithm of a single energy: scale · ln(max(factor · x + offset, floor)).
  struct Logarithm {
    var factor: Float = 1
    var offset: Float = 0
    var floor: Float = -.infinity
    var scale: Float = 1
  }

  /// nil for no compression.
  var logarithm: Logarithm? {
    switch self {
    case .decibels(let floor, _, _): Logarithm(floor: floor, scale: Float(10 / M_LN10))
    case .naturalLog(let offset): Logarithm(offset: offset)
    case .log10(let scale, let offset):
      Logarithm(factor: scale, offset: offset, scale: Float(1 / M_LN10))
    case .none: nil
    }
  }

  /// The part that needs the whole clip, applied after the logarithms.
  func finish(_ values: inout [Float]) {
    guard case .decibels(_, let range, let fromPeak) = self, range != nil || fromPeak else {
      return
    }
    let peak = values.max() ?? 0
    let lowest = range.map { peak - $0 } ?? -.infinity
    let shift = fromPeak ? peak : 0
    for index in values.indices { values[index] = max(values[index], lowest) - shift }
  }
}
