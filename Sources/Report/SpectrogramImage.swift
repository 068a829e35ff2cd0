// A spectrogram as a PNG in a data URL.
import Formats
import Foundation

enum SpectrogramImage {
  /// Colours of equal steps of level, from silence to the loudest: anchors of matplotlib's magma.
  private static let anchors: [(Double, Double, Double)] = [
    (0, 0, 4), (28, 16, 68), (79, 18, 123), (129, 37, 129), (181, 54, 122), (229, 80, 100),
    (251, 135, 97), (254, 194, 135), (252, 253, 191),
  ]
  /// The most frames that are drawn; longer sounds are averaged to it.
  private static let mostFrames = 400

  /// - Parameters:
  ///   - values: `[bands, frames]`, lowest band first.
  /// - Returns: nil without frames.
  static func url(_ values: [Float], bands: Int) -> String? {
    guard bands > 0, values.count >= bands else { return nil }
    let frames = values.count / bands
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return nil }
    let width = min(frames, mostFrames)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * bands)
    for band in (0..<bands).reversed() {
      for column in 0..<width {
        let from = column * frames / width, to = max(from + 1, (column + 1) * frames / width)
        let part = values[band * frames + from..<band * frames + to].filter(\.isFinite)
        let mean = part.isEmpty ? low : part.reduce(0, +) / Float(part.count)
        pixels += color(Double((mean - low) / max(high - low, 1e-6)))
      }
    }
    guard let image = PNG.bytes(width: width, rgb: pixels) else { return nil }
    return "data:image/png;base64,\(image.base64EncodedString())"
  }

  private static func color(_ level: Double) -> [UInt8] {
    let place = min(max(level, 0), 1) * Double(anchors.count - 1)
    let first = min(Int(place), anchors.count - 2), share = place - Double(first)
    let (a, b) = (anchors[first], anchors[first + 1])
    return [(a.0, b.0), (a.1, b.1), (a.2, b.2)].map {
      UInt8(($0.0 + share * ($0.1 - $0.0)).rounded())
    }
  }
}
