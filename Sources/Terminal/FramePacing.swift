// When pictures are drawn, so that nobody waits for them and none is drawn for nobody.

/// When the pictures that follow from messages are drawn. What is told together is shown together,
/// and however much is told, there are at most ten pictures a second. Keys need not wait for it.
/// Moments are seconds of any clock that only goes forward.
public struct FramePacing: Sendable {
  public static let framesPerSecond = 10.0
  /// Messages come in groups: seconds to wait for the rest of one.
  static let gathering = 0.04

  /// The moment of the next picture; nil while nothing waits to be shown.
  public private(set) var due: Double?
  private var last = -Double.infinity

  public init() {}

  /// A message waits.
  public mutating func wake(at now: Double) {
    if due == nil { due = max(now + Self.gathering, last + 1 / Self.framesPerSecond) }
  }

  public func isDue(at now: Double) -> Bool { due.map { now >= $0 } ?? false }

  /// All messages are taken. A picture that a key asked for may be early and delays no other.
  public mutating func take(at now: Double) {
    if isDue(at: now) { last = now }
    due = nil
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
