// When pictures are drawn, so that nobody waits for them and none is drawn for nobody.

/// When the pictures that follow from messages are drawn. While somebody is at the keys there are
/// ten a second at most; while nobody is, they take no more than half a percent of one processor
/// from the training, and there are two a second at least. Keys need not wait for it.
/// Moments are seconds of any clock that only goes forward.
public struct FramePacing: Sendable {
  public static let framesPerSecond = 10.0
  static let leastPerSecond = 2.0
  /// Of one processor's time, for pictures that nobody asked for.
  static let share = 0.005
  /// For so many seconds after a key somebody is at the keys.
  static let attention = 3.0

  /// No message is to be shown before this moment.
  public private(set) var earliest = -Double.infinity
  /// What a picture takes, s: a moving average over the last few.
  private var cost = 0.0
  private var touched = -Double.infinity

  public init() {}

  /// Somebody pressed a key.
  public mutating func touch(at now: Double) { touched = now }

  /// A picture was drawn and has all messages in it; `cost`: the processor time it took, s.
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

/// While a window is dragged its size changes hundreds of times a second: the first size is drawn
/// at once, the last one soon after it, those between at most thirty times a second.
public struct ResizePacing: Sendable {
  static let interval = 1.0 / 30

  /// The moment of a picture that was put off; nil while none is.
  public private(set) var due: Double?
  private var last = -Double.infinity

  public init() {}

  /// The size has changed: whether it is to be drawn now. If not, `due` says when.
  public mutating func isDue(at now: Double) -> Bool {
    guard now < last + Self.interval else { return true }
    due = last + Self.interval
    return false
  }

  /// A picture was drawn, of whatever cause: it has the present size.
  public mutating func drawn(at now: Double) {
    due = nil
    last = now
  }
}
