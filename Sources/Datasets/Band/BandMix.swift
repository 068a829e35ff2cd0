// Mixes the stems of a Band clip: levels, audibility, decimation, noise. BAND §2.6–8.
import Autograd
import Foundation

/// One source of a clip, such as a rendered stem at 32 kHz, with its power over time.
struct BandTrack {
  private(set) var samples: [Float]
  /// The mean square in frames of 50 ms.
  private(set) var power: [Double]
  /// Whether a frame is active: its power exceeds 1e-4 of that of the loudest frame.
  let active: [Bool]

  /// A track with a `sampleRate` in Hz.
  init(_ samples: [Float], sampleRate: Int = Synthesizer.sampleRate) {
    let frame = sampleRate / 20
    self.samples = samples
    power = stride(from: 0, through: samples.count - frame, by: frame).map {
      samples[$0..<$0 + frame].meanSquare
    }
    let peak = power.max() ?? 0
    active = power.map { $0 > 1e-4 * peak }
  }

  /// Whether the track is loud and long enough, with 0.5 s of active frames, not to be drawn again.
  var isUsable: Bool { (power.max() ?? 0) > 1e-9 && active.count { $0 } >= 10 }

  /// The root mean square over the active frames.
  var level: Double {
    let powers = zip(power, active).filter(\.1).map(\.0)
    return powers.isEmpty ? 0 : (powers.reduce(0, +) / Double(powers.count)).squareRoot()
  }

  mutating func amplify(by factor: Double) {
    let gain = Float(factor)
    for i in samples.indices { samples[i] *= gain }
    for t in power.indices { power[t] *= factor * factor }
  }
}

/// The last steps from tracks to 16-bit samples at 16 kHz.
enum BandMix {
  /// Amplifies inaudible tracks by 3 dB until all are audible, at most six times.
  ///
  /// A track is audible if its power exceeds a tenth of the power of all others in at least four
  /// active frames.
  static func makeAudible(_ tracks: inout [BandTrack]) {
    for _ in 0..<6 {
      let inaudible = tracks.indices.filter { !isAudible($0, in: tracks) }
      if inaudible.isEmpty { return }
      for k in inaudible { tracks[k].amplify(by: pow(10, 3 / 20)) }
    }
  }

  static func isAudible(_ k: Int, in tracks: [BandTrack]) -> Bool {
    let own = tracks[k]
    let frames = own.power.indices.filter { t in
      let others = tracks.reduce(-own.power[t]) { $0 + $1.power[t] }
      return own.active[t] && own.power[t] > 0.1 * others
    }
    return frames.count >= 4
  }

  static func sum(_ tracks: [BandTrack]) -> [Float] {
    var sum = tracks.first?.samples ?? []
    for track in tracks.dropFirst() {
      for i in sum.indices { sum[i] += track.samples[i] }
    }
    return sum
  }

  /// Sums the tracks, halves the sample rate, sets the level and adds noise. Returns `count`
  /// samples at 16 kHz, and the gain from the amplitudes of the tracks to theirs.
  static func master(
    _ tracks: [BandTrack], count: Int, _ generator: inout Generator
  ) -> (samples: [Int16], gain: Double) {
    var clip = Decimator.half(sum(tracks), count: count)
    let level = pow(10, generator.uniform(-28, -16) / 20)
    let noise = level * pow(10, -generator.uniform(35, 60) / 20)
    let gain = Float(level / max(1e-9, clip[...].meanSquare.squareRoot()))
    for i in clip.indices { clip[i] *= gain }
    addNoise(Float(noise), to: &clip, &generator)
    let (samples, limit) = whole(clip)
    return (samples, Double(gain * limit))
  }

  /// 16-bit samples, scaled down if a peak exceeds 0.99, and the factor of that.
  static func whole(_ clip: [Float]) -> (samples: [Int16], limit: Float) {
    let peak = clip.reduce(0) { max($0, abs($1)) }
    let limit = min(1, 0.99 / max(peak, 1e-9))
    let scale = 32_767 * limit
    return (clip.map { Int16(($0 * scale).rounded()) }, limit)
  }

  /// Adds normal noise by the Box–Muller transform.
  private static func addNoise(
    _ std: Float, to clip: inout [Float], _ generator: inout Generator
  ) {
    for i in stride(from: 0, to: clip.count, by: 2) {
      let radius = std * Float(-2 * log(1 - generator.uniform())).squareRoot()
      let angle = Float(2 * .pi * generator.uniform())
      clip[i] += radius * cos(angle)
      if i + 1 < clip.count { clip[i + 1] += radius * sin(angle) }
    }
  }
}

extension ArraySlice<Float> {
  var meanSquare: Double {
    var sum = 0.0
    for value in self { sum += Double(value * value) }
    return isEmpty ? 0 : sum / Double(count)
  }
}
