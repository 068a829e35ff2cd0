import Lab
import Testing

@Suite struct WindowCutterTests {
  private func pieces(_ count: Int, block: Int, hop: Double) -> [WindowCutter.Piece] {
    let samples = (0..<count).map(Float.init)
    var cutter = WindowCutter(seconds: 10, hop: hop, rate: 1)
    var found: [WindowCutter.Piece] = []
    for start in stride(from: 0, to: count, by: block) {
      samples[start..<min(start + block, count)].withUnsafeBufferPointer {
        found += cutter.add($0)
      }
    }
    return found + cutter.finish()
  }

  @Test(arguments: [1, 3, 7, 10, 64]) func windowsDoNotDependOnTheBlocks(block: Int) {
    let found = pieces(35, block: block, hop: 10)
    #expect(found.map(\.start) == [0, 10, 20, 25])
    for piece in found {
      #expect(piece.samples == (piece.start..<piece.start + 10).map(Float.init))
    }
  }

  @Test func overlappingWindowsEndWithTheFile() {
    #expect(pieces(26, block: 5, hop: 4).map(\.start) == [0, 4, 8, 12, 16])
    #expect(pieces(27, block: 5, hop: 4).map(\.start) == [0, 4, 8, 12, 16, 17])
  }

  @Test func aShortFileIsOneWindow() {
    #expect(pieces(4, block: 3, hop: 10) == [.init(start: 0, samples: [0, 1, 2, 3])])
    #expect(pieces(0, block: 3, hop: 10).isEmpty)
  }
}
