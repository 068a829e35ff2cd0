// Concatenation and padding along every axis.
import Autograd
import TestSupport
import Testing

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

  @Test func constantsAmongThePartsPassNothing() {
    let p = Parameter(Tensor([1, 2], [2]))
    let q = Tensor.concat(Tensor([9], [1]), p.tensor, p.tensor, axis: 0)
    let gradient = gradients(of: (q * Tensor([1, 2, 3, 4, 5], [5])).sum())[p]
    #expect(gradient?.values == [2 + 4, 3 + 5])
    #expect(!Tensor.concat(p.value, p.value, axis: 0).needsGradient)
  }
}
