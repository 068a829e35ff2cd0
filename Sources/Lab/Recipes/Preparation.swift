// The progress of what comes before a training: reading, rendering, features.

public struct Preparation: Sendable, Equatable {
  /// "rendering band", "log-mel".
  public var what: String
  public var done: Int
  public var total: Int
  /// Seconds left; absent while unknown.
  public var eta: Double?

  public init(what: String, done: Int, total: Int, eta: Double?) {
    self.what = what
    self.done = done
    self.total = total
    self.eta = eta
  }
}

/// Called with the progress of long preparations; `false` cancels: the work then throws
/// `CancellationError`.
public typealias PreparationHandler = @Sendable (Preparation) -> Bool
