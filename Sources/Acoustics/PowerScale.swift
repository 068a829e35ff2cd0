// Sounds are added in power: from the values of a spectrogram to powers of its bands and back.
import Foundation

/// The way from the values of a spectrogram, as a model sees them, to the powers of its bands, and
/// back.
///
/// Of two sounds without a fixed phase between them, the powers add up. So the power of a mixture
/// is the sum of the powers, and its value is that of the sum.
///
/// ```swift
/// let scale = PowerScale(.frontEnd(.band, standardized: false), mean: [], std: [])
/// let twice = scale.map { $0.value(ofPower: 2 * $0.power(of: -1, band: 0), band: 0) }
/// ```
public struct PowerScale: Sendable, Equatable {
  private let logarithm: Compression.Logarithm
  /// A value v of band b stands for the logarithm v · `std[b]` + `mean[b]`.
  private let mean, std: [Double]

  /// The scale of spectrograms of power with a logarithm of absolute level.
  ///
  /// - Parameters:
  ///   - input: The input of a model.
  ///   - mean: The mean of each band that standardization subtracts; not used for an input that is
  ///     not standardized.
  ///   - std: The standard deviation of each band that standardization divides by.
  /// - Returns: nil for another input: sequences, cepstra, magnitudes, levels below the clip's
  ///   peak.
  public init?(_ input: ModelInput, mean: [Float], std: [Float]) {
    guard let transform = input.frontEnd?.transform else { return nil }
    var (shift, factor) = (0.0, 1.0)
    switch transform {
    case .logMel(let settings) where settings.spectrum == .power:
      guard let found = settings.compression.absoluteLogarithm else { return nil }
      logarithm = found
    case .linear(let settings) where settings.spectrum == .power:
      guard let found = settings.compression.absoluteLogarithm else { return nil }
      logarithm = found
    case .kaldiFbank(let settings):
      logarithm = settings.logarithm
      if let scaling = settings.normalization {
        (shift, factor) = (Double(scaling.mean), 2 * Double(scaling.std))
      }
    case .logMel, .linear, .mfcc, .statistics: return nil
    }
    // Behind the bands there may be features that are joined to the spectrogram.
    let isScaled =
      input.isStandardized && mean.count >= transform.bands && std.count == mean.count
    self.mean = (0..<transform.bands).map { isScaled ? Double(mean[$0]) * factor + shift : shift }
    self.std = (0..<transform.bands).map { isScaled ? Double(std[$0]) * factor : factor }
  }

  /// Values that are natural logarithms of power.
  ///
  /// - Parameter bands: The number of bands.
  public init(naturalLogOf bands: Int) {
    logarithm = Compression.Logarithm()
    mean = [Double](repeating: 0, count: bands)
    std = [Double](repeating: 1, count: bands)
  }

  /// The number of bands M.
  public var bands: Int { mean.count }

  /// The power, 0 or more, that a value of a band stands for.
  public func power(of value: Float, band: Int) -> Double {
    let level = (Double(value) * std[band] + mean[band]) / Double(logarithm.scale)
    return max(0, (exp(level) - Double(logarithm.offset)) / Double(logarithm.factor))
  }

  /// The value that stands for a power of a band.
  public func value(ofPower power: Double, band: Int) -> Float {
    let inside = Double(logarithm.factor) * power + Double(logarithm.offset)
    let least = max(Double(logarithm.floor), .leastNormalMagnitude)
    let level = Double(logarithm.scale) * log(max(inside, least))
    return Float((level - mean[band]) / std[band])
  }
}

extension Compression {
  /// The logarithm of a single power; nil if values depend on the whole clip, or without one.
  fileprivate var absoluteLogarithm: Logarithm? {
    if case .decibels(_, let range, let fromPeak) = self, range != nil || fromPeak { return nil }
    return logarithm
  }
}
