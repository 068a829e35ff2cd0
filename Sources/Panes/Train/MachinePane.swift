import Canvas
import Lab

/// What training uses: processor, memory, disk, steps a second, each as an area over the last
/// minutes; and the runs that wait.
struct MachinePane: PaneView {
  let bench: Workbench

  var title: String { "machine" }
  var note: String {
    let seconds = shownSeconds
    let span = seconds > 0 ? ", last \(seconds.clock)" : ""
    return bench.run.started.map { "\($0.threads.of("thread"))\(span)" } ?? ""
  }

  /// A curve with its heading and its newest value.
  private struct Meter {
    let name, value: String
    let values: [Double]
    let top: Double
  }

  private static let mostRows = 6

  func draw(in rect: Rect, on grid: inout Grid) {
    guard !bench.run.machine.isEmpty else {
      return grid.notice("measured once a second while a run trains", in: rect)
    }
    let meters = meters, queue = queueLines
    let free = rect.height - queue.count
    let rows = min(Self.mostRows, max(0, free / meters.count - 1))
    // A row of air between the curves where all have some.
    let height = rows + 1 + (free >= meters.count * (rows + 2) && rows > 1 ? 1 : 0)
    for (i, meter) in meters.enumerated() where (i + 1) * (rows + 1) <= free {
      let top = rect.y + i * height
      draw(meter, in: Rect(x: rect.x + 1, y: top, width: rect.width - 2, height: rows + 1), &grid)
    }
    let low = Rect(
      x: rect.x, y: rect.bottom - queue.count, width: rect.width, height: queue.count)
    grid.lines(queue, in: low)
  }

  private func draw(_ meter: Meter, in rect: Rect, _ grid: inout Grid) {
    grid.text(meter.name, x: rect.x, y: rect.y, ink: .role(.muted))
    let room = rect.width - meter.name.columns - 1
    grid.text(
      meter.value, x: rect.right - min(room, meter.value.columns), y: rect.y, ink: .role(.title),
      maxWidth: room)
    let area = Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
    grid.draw(AreaChart(meter.values, range: 0...meter.top), in: area)
  }

  private var meters: [Meter] {
    let samples = bench.run.machine
    guard let now = samples.last else { return [] }
    let threads = Double(max(1, bench.run.started?.threads ?? 1))
    let memory = samples.map { Double($0.memory) }
    var meters = [
      Meter(
        name: "processor", value: "\(now.cpu.fixed(0)) % of \((100 * threads).fixed(0)) %",
        values: samples.map(\.cpu), top: 100 * threads),
      Meter(name: "memory", value: now.memory.size, values: memory, top: Self.top(memory)),
    ]
    let written = samples.map { $0.written ?? .nan }
    if written.contains(where: \.isFinite) {
      let value = now.written.map { "\(Int(min($0, 1e15)).size)/s" } ?? "-"
      meters.append(
        Meter(name: "written to disk", value: value, values: written, top: Self.top(written)))
    }
    let steps = samples.map { $0.stepsPerSecond ?? .nan }
    if let newest = now.stepsPerSecond {
      meters.append(
        Meter(
          name: "steps", value: "\(newest.fixed(1))/s", values: steps, top: Self.top(steps)))
    }
    return meters
  }

  /// A little above the largest value.
  private static func top(_ values: [Double]) -> Double {
    max(1e-9, (values.filter(\.isFinite).max() ?? 1) * 1.25)
  }

  private var shownSeconds: Double {
    guard let first = bench.run.machine.first, let last = bench.run.machine.last else { return 0 }
    return Double(last.t - min(first.t, last.t)) / 1e9
  }

  /// "queue 3 runs, next b1-s1".
  private var queueLines: [StyledText] {
    guard let next = bench.queue.first else { return [StyledText("no run waits", .muted)] }
    return [
      StyledText("queue: \(bench.queue.count.of("run"))"), StyledText("next: \(next)", .muted),
    ]
  }
}
