// Room for large blocks: nothing overlaps, gaps join, a repeated pattern needs no more.
import Autograd
import Testing

@Suite struct ArenaTests {
  @Test func mergedGapsAreReusedForOtherSizes() {
    var arena = Arena(size: 1000)
    let blocks = (0..<4).compactMap { _ in arena.take(100) }
    #expect(blocks == [0, 100, 200, 300])
    arena.give(back: 100, 100)
    #expect(arena.take(150) == 400 && arena.take(80) == 100)
    arena.give(back: 200, 100)
    arena.give(back: 0, 100)
    #expect(arena.free == 220)
    arena.give(back: 100, 80)
    #expect(arena.take(300) == 0 && arena.free == 0)
  }

  @Test func allocationAtTheEndStartsInTheLastGap() {
    var arena = Arena(size: 1000)
    #expect(arena.take(100) == 0 && arena.take(50) == 100)
    arena.give(back: 100, 50)
    #expect(arena.take(400) == 100 && arena.highWater == 500)
    #expect(arena.take(501) == nil && arena.take(500) == 500 && arena.take(1) == nil)
  }

  @Test func allocationsDoNotOverlapAndAreFreed() {
    var arena = Arena(size: 1 << 30)
    var generator = Generator(seed: 5)
    var held: [(start: Int, length: Int)] = []
    for _ in 0..<3000 {
      if held.count < 40 && generator.uniform(0, 1) < 0.6 {
        let length = 1 + Int(generator.uniform(0, 1000))
        guard let start = arena.take(length) else { continue }
        #expect(held.allSatisfy { start + length <= $0.start || $0.start + $0.length <= start })
        held.append((start, length))
      } else if !held.isEmpty {
        let block = held.remove(at: Int(generator.uniform(0, Double(held.count))))
        arena.give(back: block.start, block.length)
      }
      #expect(arena.free + held.map(\.length).reduce(0, +) == arena.highWater)
    }
    for block in held { arena.give(back: block.start, block.length) }
    #expect(arena.take(arena.highWater) == 0)
  }

  /// Activations are kept in order, and go in reverse while gradients of their sizes come.
  @Test func repeatedStepAllocatesNoMemory() {
    var arena = Arena(size: 1 << 30)
    let sizes = [328, 82, 20, 82, 82, 82, 20, 5, 20, 20, 5]
    func step() {
      let kept = sizes.compactMap { arena.take($0) }
      for (start, length) in zip(kept, sizes).reversed() {
        let gradient = arena.take(length)
        arena.give(back: start, length)
        if let gradient { arena.give(back: gradient, length) }
      }
    }
    step()
    let most = arena.highWater
    for _ in 0..<10 { step() }
    #expect(arena.highWater == most && arena.free == most)
    #expect(most < sizes.reduce(0, +) + 328)
  }
}
