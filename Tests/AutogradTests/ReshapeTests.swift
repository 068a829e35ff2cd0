// Reshaping, transposing, slicing and repeating against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct ReshapeTests {
  let x = Sample.normal([2, 3, 4])

  @Test func reshapeTransposeSliceBroadcast() {
    #expect(checkGradient("reshape", x) { $0[0].reshape([4, -1]) } == [])
    #expect(checkGradient("transpose", x) { $0[0].transpose([2, 0, 1]) } == [])
    #expect(checkGradient("slice first", x) { $0[0].slice(0, 1..<2) } == [])
    #expect(checkGradient("slice middle", x) { $0[0].slice(1, 1..<3) } == [])
    #expect(checkGradient("slice last", x) { $0[0].slice(2, 0..<3) } == [])
    #expect(checkGradient("choosing", x) { $0[0].choosing([2, 0, 2]) } == [])
    #expect(
      checkGradient("broadcast", Sample.normal([3, 1])) { $0[0].broadcast(to: [2, 3, 4]) } == [])
  }
}

@Suite struct ConcatTests {
  @Test(arguments: [0, 1, 2])
  func gradient(_ axis: Int) {
    let lengths = [1, 3, 2]
    let parts = lengths.map { length in
      var shape = [2, 3, 5]
      shape[axis] = length
      return Sample.normal(shape, seed: length)
    }
    #expect(
      checkGradient("concat", parts[0], parts[1], parts[2]) {
        Tensor.concat($0, axis: axis)
      } == [])
    let x = Sample.normal([2, 3, 5])
    #expect(checkGradient("pad", x) { $0[0].pad(axis, before: 2, after: 1) } == [])
    #expect(checkGradient("no padding", x) { $0[0].pad(axis) } == [])
  }

  @Test func orderOfValues() {
    let a = Tensor([1, 2, 3, 4], [2, 2])
    let b = Tensor([5, 6], [2, 1])
    #expect(Tensor.concat(a, b, axis: 1).values == [1, 2, 5, 3, 4, 6])
    #expect(Tensor.concat(a, a, axis: 0).values == [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(a.pad(1, before: 1).values == [0, 1, 2, 0, 3, 4])
    #expect(a.pad(0, after: 1).values == [1, 2, 3, 4, 0, 0])
  }

  @Test func constantPartsGetNoGradient() {
    let p = Parameter(Tensor([1, 2], [2]))
    let q = Tensor.concat(Tensor([9], [1]), p.tensor, p.tensor, axis: 0)
    let gradient = gradients(of: (q * Tensor([1, 2, 3, 4, 5], [5])).sum())[p]
    #expect(gradient?.values == [2 + 4, 3 + 5])
    #expect(!Tensor.concat(p.value, p.value, axis: 0).needsGradient)
  }
}

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
