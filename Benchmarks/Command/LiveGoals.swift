/// G1 to G7, G12 and G19: a training is watched, keys are typed, the window is dragged.
import Foundation
import Lab
import Terminal

struct LiveGoals {
  let seconds: Double
  let threads: Int

  func measure() throws -> [Goal] {
    let folder = try BenchFolder()
    let program = try folder.open([try folder.session(threads: threads)])
    program.watch(10) { _ in true }
    program.type("R")
    // The built-in data set may have to be rendered first.
    guard program.watch(900, until: { $0.mark.points > 1000 }) != nil else {
      throw LabError("the training did not begin; expected 'band' to be at hand")
    }
    return withExtendedLifetime(folder) {
      latency(program) + steady(program) + maps(program) + screens(program)
        + [storm(program), held(program)]
    }
  }

  /// Keys at random moments, each of which changes something on the screen.
  private func latency(_ program: WatchedProgram) -> [Goal] {
    var first: [Double] = [], complete: [Double] = []
    for _ in 0..<300 {
      program.watch(.random(in: 0.03...0.15))
      guard let (typed, frame) = program.press("y") else { continue }
      first.append(1000 * max(0, frame.first - typed))
      complete.append(1000 * (frame.complete - typed))
    }
    let count = "\(first.count) keys"
    return [
      Goal(
        "G1", "key to first byte, p99", first.quantile(0.99), atMost: 20, "ms",
        "\(count), median \(String(format: "%.1f", first.median))"),
      Goal(
        "G2", "key to complete frame, p99", complete.quantile(0.99), atMost: 33, "ms",
        "\(count), median \(String(format: "%.1f", complete.median))"),
    ]
  }

  /// What came while nobody touched anything.
  private struct Watch {
    let seconds: Double
    let frames: ArraySlice<WatchedProgram.Frame>
    /// Of one core, in percent.
    let processor: Double
    /// Wake-ups that drew nothing, in a second.
    let idle: Double

    init(_ program: WatchedProgram, _ seconds: Double) {
      program.settle(0.05)
      let start = (WatchedProgram.now, program.frames.count)
      let (processor, sleeps) = (program.drawingSeconds, program.sleeps)
      program.watch(seconds)
      let time = WatchedProgram.now - start.0
      self.seconds = time
      frames = program.frames[start.1...]
      self.processor = 100 * (program.drawingSeconds - processor) / time
      idle = max(0, program.sleeps - sleeps - Double(frames.count)) / time
    }
  }

  private func steady(_ program: WatchedProgram) -> [Goal] {
    let usual = Watch(program, seconds)
    program.resize(width: 200, height: 60)
    let large = Watch(program, seconds / 2)
    program.resize(width: 120, height: 40)
    program.settle(0.05)
    let sizes = usual.frames.map { Double($0.bytes) }
    let rate = String(format: "%.1f frames/s", Double(sizes.count) / usual.seconds)
    return [
      Goal("G3", "bytes a frame, Train 120x40, median", sizes.median, atMost: 600, "B"),
      Goal(
        "G3", "bytes a frame, Train 120x40, p99", sizes.quantile(0.99), atMost: 6000, "B",
        "\(sizes.count) frames"),
      Goal(
        "G4", "sustained output", sizes.reduce(0, +) / 1000 / usual.seconds, atMost: 10, "kB/s",
        rate),
      Goal("G7", "drawing thread while training, 120x40", usual.processor, atMost: 2, "% cpu"),
      Goal("G7", "drawing thread while training, 200x60", large.processor, atMost: 5, "% cpu"),
      Goal("G19", "wake-ups that draw nothing, watching", usual.idle, atMost: 1, "/s"),
    ]
  }

  /// Each flip of the map of labels changes nearly all of its cells.
  private func maps(_ program: WatchedProgram) -> [Goal] {
    _ = program.press("5")
    program.settle(0.2)
    let sizes = (0..<8).compactMap { _ -> Double? in
      defer { program.watch(0.3) }
      return program.press("\t").map { Double($0.frame.bytes) / 1000 }
    }
    _ = program.press("3")
    return [
      Goal(
        "G5", "heat-map repaint, 120x40", sizes.max() ?? .nan, atMost: 40, "kB",
        "largest of \(sizes.count) flips")
    ]
  }

  /// Every screen after every other.
  private func screens(_ program: WatchedProgram) -> [Goal] {
    program.resize(width: 200, height: 60)
    program.settle(0.2)
    var sizes: [Double] = [], times: [Double] = []
    for key in ["1", "2", "4", "5", "6", "7", "3", "5", "1", "7", "2", "6", "4", "3"] {
      let before = program.drawingSeconds
      guard let (_, frame) = program.press(key) else { continue }
      times.append(1000 * (program.drawingSeconds - before))
      sizes.append(Double(frame.bytes) / 1000)
      program.watch(0.4)
    }
    program.resize(width: 120, height: 40)
    program.settle(0.05)
    return [
      Goal("G6", "screen switch 200x60, bytes", sizes.max() ?? .nan, atMost: 60, "kB", "largest"),
      Goal(
        "G6", "screen switch 200x60, drawing thread", times.quantile(0.9), atMost: 25, "ms cpu",
        "p90 of \(times.count)"),
    ]
  }

  /// 200 sizes in a second.
  private func storm(_ program: WatchedProgram) -> Goal {
    let before = program.frames.count
    for _ in 0..<200 {
      program.resize(width: .random(in: 60...200), height: .random(in: 16...60))
      program.watch(0.005)
    }
    program.resize(width: 117, height: 41)
    let last = WatchedProgram.now
    let frame = program.watch(3) { $0.mark.width == 117 && $0.mark.height == 41 }
    let settled = frame.map { 1000 * ($0.complete - last) } ?? .infinity
    let frames = program.frames[before...]
    let bytes = Double(frames.reduce(0) { $0 + $1.bytes }) / 1000
    program.resize(width: 120, height: 40)
    program.settle(0.05)
    return Goal(
      "G12", "resize storm, settled after", settled, atMost: 100, "ms",
      "\(frames.count) layouts (≤ 40), \(Int(bytes)) kB (≤ 600)")
  }

  /// The run is held: nothing happens, so nothing wakes up.
  private func held(_ program: WatchedProgram) -> Goal {
    program.type(" ")
    program.watch(10)  // the hold is told, the toast goes
    let before = program.sleeps
    program.watch(max(5, seconds / 3))
    return Goal(
      "G19", "wake-ups of a held run", (program.sleeps - before) / max(5, seconds / 3), atMost: 0,
      "/s")
  }
}
