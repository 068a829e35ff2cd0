// The pacing of frames: often enough for a person, rarely if nobody is watching.
import Glibc

/// Decides when messages lead to a frame. While somebody presses keys, there are at most ten frames
/// per second. Otherwise frames take at most half a percent of one processor, and there are at
/// least two per second. Frames after a key need not wait. Times are seconds of any monotonic
/// clock.
public struct FramePacing: Sendable {
  public static let framesPerSecond = 10.0
  static let leastPerSecond = 2.0
  /// The share of one processor for frames without a key.
  static let share = 0.005
  /// Seconds after a key during which somebody counts as active.
  static let attention = 3.0

  /// No frame for messages before this time.
  public private(set) var earliest = -Double.infinity
  /// The cost of a frame in s: a moving average over the last few.
  private var cost = 0.0
  private var touched = -Double.infinity

  public init() {}

  /// Somebody pressed a key.
  public mutating func touch(at now: Double) { touched = now }

  /// A frame was drawn with all messages; `cost` is its CPU time in s.
  public mutating func drawn(at now: Double, cost: Double) {
    self.cost = self.cost == 0 ? cost : 0.8 * self.cost + 0.2 * cost
    earliest = now + interval(at: now)
  }

  private func interval(at now: Double) -> Double {
    let fastest = 1 / Self.framesPerSecond
    guard now >= touched + Self.attention else { return fastest }
    return min(max(cost / Self.share, fastest), 1 / Self.leastPerSecond)
  }
}

/// While a window is resized, its size changes hundreds of times per second. The first size is
/// drawn at once, the last one shortly after it, and those between at most thirty times per second.
public struct ResizePacing: Sendable {
  static let interval = 1.0 / 30

  /// The time of a postponed frame; nil if there is none.
  public private(set) var due: Double?
  private var last = -Double.infinity

  public init() {}

  /// The size has changed. Returns whether to draw now; if not, `due` is the time to draw.
  public mutating func isDue(at now: Double) -> Bool {
    guard now < last + Self.interval else { return true }
    due = last + Self.interval
    return false
  }

  /// A frame was drawn for any reason, so it has the current size.
  public mutating func drawn(at now: Double) {
    due = nil
    last = now
  }
}

/// One line a frame: `12 keys 3 points 4096 120x40`.
public struct FrameMark: Sendable, Equatable {
  public var number: Int
  /// Keys taken so far.
  public var keys: Int
  /// Points that the curves of the run hold.
  public var points: Int
  public var width, height: Int

  /// Where they are written by convention.
  public static let descriptor: Int32 = 3

  public init(number: Int, keys: Int, points: Int, width: Int, height: Int) {
    self.number = number
    self.keys = keys
    self.points = points
    self.width = width
    self.height = height
  }

  package init?(_ line: String) {
    let words = line.split(whereSeparator: { " x".contains($0) }).compactMap { Int($0) }
    guard words.count == 5 else { return nil }
    self.init(
      number: words[0], keys: words[1], points: words[2], width: words[3], height: words[4])
  }

  /// Writes the line; a closed descriptor is ignored.
  public func write(to descriptor: Int32) {
    let line = "\(number) keys \(keys) points \(points) \(width)x\(height)\n"
    _ = Glibc.write(descriptor, line, line.utf8.count)
  }
}
