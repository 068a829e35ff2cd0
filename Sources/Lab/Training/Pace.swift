// How fast a training goes and what it costs the machine.
import Autograd
import Dispatch
import Foundation

/// How fast steps go by.
struct Pace {
  private(set) var stepsPerSecond = 0.0
  /// Steps counted so far.
  private(set) var steps = 0
  private var reported = DispatchTime.now()
  private var processorTime = Resources.processorSeconds

  /// A moving average over the last twenty steps or so.
  mutating func count(_ seconds: Double) {
    steps += 1
    let now = 1 / max(seconds, 1e-6)
    stepsPerSecond += stepsPerSecond == 0 ? now : 0.05 * (now - stepsPerSecond)
  }

  /// At most once a second: what the process uses.
  mutating func resources() -> Resources? {
    let seconds = reported.seconds
    guard seconds >= 1 else { return nil }
    let time = Resources.processorSeconds
    defer { (reported, processorTime) = (.now(), time) }
    return Resources(
      cpu: 100 * (time - processorTime) / seconds, rss: Resources.residentBytes,
      threads: ThreadPool.shared.threads)
  }
}

extension Resources {
  /// User and system time of this process, in s.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// From `/proc/self/statm`; 0 where there is none.
  static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(
      separator: " ")
    return (fields?.dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
