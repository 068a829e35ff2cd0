// The harmonic filter bank: gradients in Q and in the spectra, PyTorch's numbers, METHODS' facts.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct HarmonicTests {
  let small = HarmonicBank(notes: [55, 110, 170], harmonics: 2, bins: 12, spacing: 31.25)

  @Test(arguments: [1, 5, 16, 19])
  func gradient(_ frames: Int) {
    let spectra = Sample.uniform([2, frames, 12], 0...2)
    // No triangle reaches another bin near this Q.
    let q = Tensor([0.95], [1])
    #expect(
      checkGradient("harmonicBank", spectra, q) { $0[0].harmonicBank($0[1], small) } == [])
  }

  /// The triangles as dense weights and a matrix product, PyTorch 2.15 in double.
  @Test func matchesPyTorch() {
    let bank = HarmonicBank(notes: [55, 110], harmonics: 2, bins: 9, spacing: 31.25)
    let spectra = Parameter(Sample.wave([1, 2, 9]).abs())
    let q = Parameter(Tensor([0.8], [1]))
    let y = spectra.tensor.harmonicBank(q.tensor, bank)
    #expect(y.shape == [1, 2, 2, 2])
    expectClose(
      y.values,
      [
        0.155441771, 0.437404529, 0.0906338359, 0.326294519, 0.437404529, 0.600383263,
        0.326294519, 0.848263582,
      ], absolute: 2e-7)
    let found = gradients(of: (y * Sample.wave(y.shape, phase: 0.3)).sum())
    expectClose(found[q]?.values ?? [], [-0.759834828], absolute: 1e-6)
    expectClose(
      found[spectra]?.values ?? [],
      [
        0, 0, 0.179760449, 0.473484045, 0.563082691, 0, 0, 0.560766018, 0.00528910624, 0, 0,
        -0.322291245, -0.47758628, -0.567961203, 0, 0, -0.34343803, -0.00323928371,
      ], absolute: 5e-7)
  }

  /// Won et al.'s 128 notes from C1 in quarter tones, Hz.
  let notes: [Double] = (0..<128).map { index in
    let midi = 24 + Double(index) / 2
    return 440 * pow(2, (midi - 69) / 12)
  }

  @Test func equalsDenseFilterWeights() {
    let bank = HarmonicBank(notes: notes, harmonics: 6, bins: 257, spacing: 31.25)
    let spectra = Sample.uniform([2, 21, 257], 0...1)
    let y = spectra.harmonicBank(Tensor([1.3], [1]), bank)
    #expect(y.shape == [2, 128, 21, 6])
    let x = spectra.values.map(Double.init)
    var expected = [Float](repeating: 0, count: y.count)
    for filter in 0..<768 {
      let (h, k) = filter.quotientAndRemainder(dividingBy: 128)
      let center = Double(h + 1) * notes[k]
      let weights: [Double] = (0..<257).map { bin in
        let distance = abs(31.25 * Double(bin) - center)
        return max(0, 1 - 2 * distance * 1.3 / (0.1079 * center + 24.7))
      }
      for frame in 0..<42 {
        var sum = 0.0
        for bin in 0..<257 { sum += weights[bin] * x[frame * 257 + bin] }
        let (clip, t) = frame.quotientAndRemainder(dividingBy: 21)
        expected[((clip * 128 + k) * 21 + t) * 6 + h] = Float(sum)
      }
    }
    expectClose(y.values, expected, relative: 2e-6, absolute: 1e-6)
  }

  /// With Q = 1 exactly one of the 768 filters catches no bin: the first harmonic of note 12.
  @Test func filtersWithoutBinsAreSilent() {
    let bank = HarmonicBank(notes: notes, harmonics: 6, bins: 257, spacing: 31.25)
    let y = Tensor(repeating: 1, [1, 1, 257]).harmonicBank(Tensor([1], [1]), bank).decibels()
    let silent = y.values.indices.filter { y.values[$0] < -99.999 }
    #expect(silent == [12 * 6])
  }
}
