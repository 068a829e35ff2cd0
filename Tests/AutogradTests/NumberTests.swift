// Operations against numbers worked out by hand.
import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct HandMadeNumbers {
  @Test func arithmeticAndShapes() {
    let a = Tensor([1, 2, 3, 4, 5, 6], [2, 3])
    #expect((a + Tensor([10, 20, 30], [3])).values == [11, 22, 33, 14, 25, 36])
    #expect((a / Tensor([1, 2], [2, 1])).values == [1, 2, 3, 2, 2.5, 3])
    #expect(a.transpose([1, 0]).values == [1, 4, 2, 5, 3, 6])
    #expect(a.slice(1, 1..<3).values == [2, 3, 5, 6])
    #expect(a.sum([0]).values == [5, 7, 9])
    #expect(a.mean([1], keepingDimensions: true).shape == [2, 1])
    #expect(a.max(1).values == [3, 6])
    #expect(a.matmul(Tensor([1, 0, -1], [3, 1])).values == [-2, -2])
    #expect(Tensor(4).item == 4 && Tensor(4).shape == [])
  }

  @Test func convolutionIsCrossCorrelation() {
    let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
    let kernel = Tensor([1, 2, 3, 4], [1, 1, 2, 2])
    #expect(x.conv2d(kernel).values == [37, 47, 67, 77])
    let padded = x.conv2d(kernel, stride: Extent(2), padding: Extent(1))
    // Windows: (0,0,0,1), (0,0,2,3), (0,4,0,7), (5,6,8,9).
    #expect(padded.values == [4, 18, 36, 77])
    #expect(x.conv2d(kernel, Tensor([0.5], [1])).values == [37.5, 47.5, 67.5, 77.5])
  }

  @Test func poolingKeepsTheFirstMaximum() {
    let x = Parameter(Tensor([3, 3, 1, 0, 2, 3, 5, 4, 0, 0, 0, 0], [1, 3, 4, 1]))
    let y = x.tensor.maxPool2d(Extent(2))
    #expect(y.shape == [1, 1, 2, 1] && y.values == [3, 5])
    #expect(gradients(of: y.sum())[x]?.values == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
  }

  @Test func batchMomentsAreBiased() {
    let x = Tensor([1, 3, 10, 30], [2, 2]).transpose([1, 0])  // channels (1, 3), (10, 30)
    let result = x.batchNorm(Tensor([1, 2], [2]), Tensor([0, 5], [2]), epsilon: 0)
    #expect(result.mean.values == [2, 20] && result.variance.values == [1, 100])
    #expect(distance(result.output, [-1, 3, 1, 7]) < 1e-6)
  }

  @Test func crossEntropyCountsOnlyObservedEntries() {
    let z = Tensor([0, 2, -1, 50], [1, 4])
    let y = Tensor([1, 0, 0, 1], [1, 4])
    let m = Tensor([1, 1, 0, 0], [1, 4])
    let expected = Float((log(2.0) + 2 + log1p(exp(-2.0))) / 2)
    #expect(abs(z.binaryCrossEntropy(logitsAgainst: y, observed: m).item - expected) < 1e-6)
    let p = Tensor([0.5, Float(1 / (1 + exp(-2.0))), 0.1, 1], [1, 4])
    #expect(abs(p.binaryCrossEntropy(probabilitiesAgainst: y, observed: m).item - expected) < 1e-6)
    #expect(z.binaryCrossEntropy(logitsAgainst: y, observed: .zeros([1, 4])).item == 0)
  }

  @Test func logarithmsOfProbabilitiesAreLimited() {
    let p = Parameter(Tensor([0, 1], [1, 2]))
    let loss = p.tensor.binaryCrossEntropy(
      probabilitiesAgainst: Tensor([1, 0], [1, 2]), observed: Tensor([1, 1], [1, 2]))
    #expect(loss.item == 100)
    #expect(gradients(of: loss)[p]?.values.allSatisfy(\.isFinite) == true)
  }

  @Test func exponentialAndSigmoidAreAccurate() {
    let x = stride(from: Float(-80), through: 80, by: 0.37).map { $0 }
    let input = Tensor(x, [x.count])
    for (got, at) in zip(input.exp().values, x) {
      let exact = exp(Double(at))
      #expect(abs(Double(got) - exact) <= 3e-7 * exact, "e^\(at)")
    }
    for (got, at) in zip(input.sigmoid().values, x) {
      let exact = 1 / (1 + exp(-Double(at)))
      #expect(abs(Double(got) - exact) <= 4e-7 * exact + 1e-37, "sigmoid \(at)")
    }
    #expect(Tensor([-500, 500], [2]).sigmoid().values[1] == 1)
  }

  @Test func longSumsAreAccurate() {
    let n = 3_000_001
    let exact = Double(Float(0.1)) * Double(n)
    #expect(abs(Double(Tensor(repeating: 0.1, [n]).sum().item) - exact) < 2e-7 * exact)
  }

  @Test func dropoutPreservesTheMean() {
    let source = RandomSource(Generator(seed: 3))
    let y = Tensor(repeating: 1, [40_000]).dropout(0.25, source).values
    let zeros = Double(y.count { $0 == 0 }) / 40_000
    #expect(abs(zeros - 0.25) < 0.01)
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(Tensor(repeating: 1, [40_000]).dropout(0.25, source).values != y)
  }
}

@Suite struct Recording {
  @Test func detachedTensorsGetNoGradient() {
    let p = Parameter(Sample.normal([3]))
    let loss = (p.tensor.detached * p.tensor).sum()
    #expect(gradients(of: loss)[p]?.values == p.value.values)
    #expect(gradients(of: p.tensor.detached.sum())[p] == nil)
  }

  @Test func frozenParametersAreConstants() {
    let frozen = Parameter(Sample.normal([3]), isTrainable: false)
    let trained = Parameter(Sample.normal([3]))
    let found = gradients(of: (frozen.tensor * trained.tensor).sum())
    #expect(found[frozen] == nil && found[trained]?.values == frozen.value.values)
  }

  @Test func gradientsOfSharedNodesAreSummed() {
    let p = Parameter(Tensor([2], [1]))
    let square = p.tensor * p.tensor
    let loss = (square * square + square).sum()  // p⁴ + p²
    #expect(gradients(of: loss)[p]?.values == [4 * 8 + 2 * 2])
  }

  @Test func longChainsDoNotOverflowTheStack() {
    let p = Parameter(Tensor([1], [1]))
    var x = p.tensor
    for _ in 0..<2000 { x = x + 1 }
    #expect(gradients(of: x.sum())[p]?.values == [1])
  }

  @Test func forgettingChangesNoGradient() {
    let w = Parameter(Sample.normal([3, 2, 3, 3]))
    let x = Sample.normal([2, 5, 4, 2])
    func gradient(forgetting: Bool) -> [Float]? {
      let y = x.conv2d(w.tensor, padding: Extent(1)).relu()
      return gradients(of: (y * y).sum() + y.sum(), forgetting: forgetting)[w]?.values
    }
    #expect(gradient(forgetting: true) == gradient(forgetting: false))
    #expect(gradient(forgetting: true)?.contains { $0 != 0 } == true)
  }

  /// Another test of this process may ask the shared pool for blocks of this size at the same time,
  /// so one quiet stretch out of many is enough; a step that asks for memory has none.
  @Test func warmStepAllocatesNoMemory() {
    let w = Parameter(Sample.normal([8, 3, 3, 3]))
    let x = Sample.normal([4, 97, 89, 3])
    func step() {
      let y = x.conv2d(w.tensor, padding: Extent(1)).relu().maxPool2d(Extent(2)).globalMean()
      let loss = (y * y).mean()
      if let gradient = gradients(of: loss)[w] { w.value = w.value - gradient * 0.01 }
    }
    func asked() -> Int { StoragePool.shared.freshBlocks(for: 4 * 8 * 97 * 89) }
    step()
    #expect(asked() >= 2)
    let growth = (0..<20).map { _ in
      let before = asked()
      for _ in 0..<3 { step() }
      return asked() - before
    }
    #expect(growth.contains(0))
  }
}
