// Reshaping, transposing, slicing and repeating against central differences.
import Autograd
import TestSupport
import Testing

@Suite struct ShapingTests {
  let x = Sample.normal([2, 3, 4])

  @Test func reshapeTransposeSliceBroadcast() {
    #expect(checkGradient("reshape", x) { $0[0].reshape([4, -1]) } == [])
    #expect(checkGradient("transpose", x) { $0[0].transpose([2, 0, 1]) } == [])
    #expect(checkGradient("slice first", x) { $0[0].slice(0, 1..<2) } == [])
    #expect(checkGradient("slice middle", x) { $0[0].slice(1, 1..<3) } == [])
    #expect(checkGradient("slice last", x) { $0[0].slice(2, 0..<3) } == [])
    #expect(
      checkGradient("broadcast", Sample.normal([3, 1])) { $0[0].broadcast(to: [2, 3, 4]) } == [])
  }
}
