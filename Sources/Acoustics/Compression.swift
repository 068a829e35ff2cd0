// How mel energies become the numbers a model sees.
import Foundation

/// A logarithm and its floor.
public enum Compression: Codable, Hashable, Sendable {
  /// 10 log10(max(x, floor)), dB; `fromPeak` subtracts the clip's maximum; `range` lifts all
  /// values to at least the maximum minus so many dB (librosa's top_db).
  case decibels(floor: Float = 1e-10, range: Float? = nil, fromPeak: Bool = false)
  /// ln(x + offset).
  case naturalLog(offset: Float)
  /// log10(offset + scale · x); musicnn takes 1 and 10000 (Pons and Serra 2019).
  case log10(scale: Float, offset: Float)
  /// x itself.
  case none

  /// What happens to each energy on its own: scale · ln(max(factor · x + offset, floor)).
  struct Logarithm {
    var factor: Float = 1
    var offset: Float = 0
    var floor: Float = -.infinity
    var scale: Float = 1
  }

  /// nil: the energies stay.
  var logarithm: Logarithm? {
    switch self {
    case .decibels(let floor, _, _): Logarithm(floor: floor, scale: Float(10 / M_LN10))
    case .naturalLog(let offset): Logarithm(offset: offset)
    case .log10(let scale, let offset):
      Logarithm(factor: scale, offset: offset, scale: Float(1 / M_LN10))
    case .none: nil
    }
  }

  /// What needs the whole clip, once the logarithms are taken.
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
