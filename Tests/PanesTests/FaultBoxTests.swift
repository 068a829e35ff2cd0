import Lab
import Panes
import TestSupport
import Testing

/// The message of an engine names step and tensor itself; without a checkpoint `R` begins anew.
@Test func faultBoxShowsEachFaultOnce() {
  var bench = Scene.running.bench(.train)
  let fault = Fault(json: [
    "code": "non-finite", "message": "step 22: conv1.weight has no finite gradient",
    "tensor": "conv1.weight", "suggestion": [Int](),
  ])
  bench.apply(
    .events([
      Event(run: "b1-cnn-s0", seq: 9000, t: 1, step: 21, epoch: 1, body: fault)
    ]))
  let frame = TestSupport.Screen.text(bench.draw(width: 120, height: 40, glyphs: .unicode))
    .joined(separator: "\n")
  #expect(frame.contains("│ step 22: conv1.weight has no finite gradient"))
  #expect(!frame.contains("step 21   ") && !frame.contains("first bad tensor"))
  #expect(frame.contains("There is no checkpoint yet.") && frame.contains("(R) start again"))
}
