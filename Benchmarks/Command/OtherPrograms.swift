import Foundation

/// What the rest of the machine does meanwhile, and what its host takes away: a turn that had to
/// share its cores says nothing about the screen.
struct OtherPrograms {
  /// More than so much of one core is company.
  static let quiet = 0.03

  private let start = ContinuousClock.now
  private let before = Self.seconds

  /// Processor time that others had since this was made, in cores; 0 where nobody tells.
  var cores: Double {
    let passed = (ContinuousClock.now - start) / .seconds(1)
    guard let before, let now = Self.seconds, passed > 0 else { return 0 }
    return max(0, now - before) / passed
  }

  /// Processor time of everything but this process since the machine started, s.
  private static var seconds: Double? {
    guard let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let line = stat.split(separator: "\n").first
    else { return nil }
    // user nice system idle iowait irq softirq steal, in ticks
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return nil }
    let busy = ticks.reduce(0, +) - ticks[3] - ticks[4]
    var own = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own)
    return busy / Double(sysconf(Int32(_SC_CLK_TCK)))
      - Double(own.tv_sec) - Double(own.tv_nsec) * 1e-9
  }
}
