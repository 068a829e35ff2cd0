// Patches of a spectrogram and the sequence made of them.
import Autograd
import TestSupport
import Testing

@Suite struct PatchesTests {
  @Test func patchesAndSequence() {
    let x = Sample.normal([2, 9, 7])
    #expect(checkGradient("patches", x) { $0[0].patches(size: 4, stride: 3) } == [])
    let first = Tensor((0..<63).map(Float.init), [1, 9, 7]).patches(size: 4, stride: 3)
    #expect(first.shape == [1, 4, 16])
    // Band by band, each over four frames; the second patch lies three frames later.
    #expect(Array(first.values[0..<6]) == [0, 7, 14, 21, 1, 8])
    #expect(first.values[16] == 21)
    let tokens = [Sample.normal([1, 1, 5], seed: 2), Sample.normal([1, 1, 5], seed: 3)]
    let positions = Sample.normal([1, 5, 5], seed: 4)
    #expect(
      checkGradient("sequence", Sample.normal([2, 3, 5]), tokens[0], tokens[1], positions) {
        $0[0].sequence(after: [$0[1], $0[2]], positions: $0[3])
      } == [])
  }
}
