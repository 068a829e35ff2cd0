// Frames, windows and padding of the STFT against a transform written out by hand.
import Acoustics
import Foundation
import TestSupport
import Testing

struct STFTTests {
  private func noise(_ count: Int) -> [Float] {
    var state: UInt32 = 12345
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 23) - 1
    }
  }

  /// |X|² of one frame by the definition, in double precision.
  private func power(_ frame: [Double]) -> [Float] {
    (0...(frame.count / 2)).map { bin in
      var (re, im) = (0.0, 0.0)
      for (index, value) in frame.enumerated() {
        let angle = 2 * .pi * Double(bin * index % frame.count) / Double(frame.count)
        re += value * cos(angle)
        im -= value * sin(angle)
      }
      return Float(re * re + im * im)
    }
  }

  private func hann(_ length: Int) -> [Double] {
    (0..<length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length)) }
  }

  @Test(arguments: [(64, 64), (64, 40), (60, 45), (31, 31)])
  func stftEqualsTheDirectDFT(_ nFFT: Int, _ length: Int) {
    let samples = noise(200)
    let stft = STFT(nFFT: nFFT, windowLength: length, hopLength: 20, centered: false)
    let ours = stft.power(samples)
    #expect(ours.bands == nFFT / 2 + 1)
    #expect(ours.frames == 1 + (200 - nFFT) / 20)
    for frame in 0..<ours.frames {
      var weighted = [Double](repeating: 0, count: nFFT)
      let offset = (nFFT - length) / 2
      for (index, weight) in hann(length).enumerated() {
        weighted[offset + index] = weight * Double(samples[frame * 20 + offset + index])
      }
      let column = (0..<ours.bands).map { ours[$0, frame] }
      expectClose(column, power(weighted), relative: 1e-4, absolute: 1e-5)
    }
  }

  @Test func reflectionPadsBothEnds() {
    let samples = noise(50)
    let left = (1...16).map { samples[$0] }.reversed()
    let right = (33...48).map { samples[$0] }.reversed()
    let padded = Array(left) + samples + Array(right)
    let inside = STFT(nFFT: 32, hopLength: 8, centered: false).power(padded)
    #expect(STFT(nFFT: 32, hopLength: 8).power(samples) == inside)
    let silence = [Float](repeating: 0, count: 16)
    let silent = STFT(nFFT: 32, hopLength: 8, centered: false).power(silence + samples + silence)
    #expect(STFT(nFFT: 32, hopLength: 8, padding: .zero).power(samples) == silent)
  }

  /// Shorter than the padding: the mirror images repeat, as in numpy.
  @Test func reflectionPadsShortSounds() {
    let samples: [Float] = [1, 2, 3]
    let padded: [Float] = [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3]
    let stft = STFT(nFFT: 8, hopLength: 1, window: .rectangular)
    let inside = STFT(nFFT: 8, hopLength: 1, window: .rectangular, centered: false)
    #expect(stft.power(samples) == inside.power(padded))
    #expect(stft.power([5]).values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [
    (48_000, 2048, 1024, true, 47), (48_000, 512, 160, true, 301), (99_200, 512, 256, true, 388),
    (0, 512, 256, true, 1), (511, 512, 256, false, 0), (512, 512, 256, false, 1),
    (160_000, 400, 160, false, 998),
  ])
  func frameCounts(_ count: Int, _ nFFT: Int, _ hop: Int, _ centered: Bool, _ frames: Int) {
    let stft = STFT(nFFT: nFFT, hopLength: hop, centered: centered)
    #expect(stft.frames(of: count) == frames)
    #expect(stft.power([Float](repeating: 0, count: count)).frames == frames)
  }

  @Test func resultIsIdenticalOnManyThreads() async {
    let samples = noise(8000)
    let alone = STFT(nFFT: 400, hopLength: 100).power(samples)
    await withTaskGroup(of: Spectrogram.self) { group in
      for round in 0..<16 {
        group.addTask {
          _ = STFT(nFFT: 100 + round, hopLength: 50).power(samples)
          return STFT(nFFT: 400, hopLength: 100).power(samples)
        }
      }
      for await other in group { #expect(other == alone) }
    }
  }
}
