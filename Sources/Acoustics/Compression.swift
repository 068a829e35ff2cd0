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

  /// Replaces the energies `x` of a whole clip.
  func apply(to values: inout [Float]) {
    switch self {
    case .decibels(let floor, let range, let fromPeak):
      for index in values.indices {
        values[index] = 10 * Foundation.log10(max(values[index], floor))
      }
      let peak = values.max() ?? 0
      let lowest = range.map { peak - $0 } ?? -.infinity
      let shift = fromPeak ? peak : 0
      for index in values.indices { values[index] = max(values[index], lowest) - shift }
    case .naturalLog(let offset):
      for index in values.indices { values[index] = log(values[index] + offset) }
    case .log10(let scale, let offset):
      for index in values.indices {
        values[index] = Foundation.log10(offset + scale * values[index])
      }
    case .none: break
    }
  }
}
