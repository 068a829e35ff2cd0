/// What training used at one moment: a point of the curves of the machine.
public struct MachineSample: Sendable, Equatable {
  /// Nanoseconds since the run started.
  public var t: UInt64
  /// Percent of one processor.
  public var cpu: Double
  /// Resident memory in bytes.
  public var memory: Int
  /// Bytes written to disks a second; nil where the log does not say.
  public var written: Double?
  /// Training steps a second; nil before the first one.
  public var stepsPerSecond: Double?
}

extension RunState {
  /// Samples kept for the screen, the newest ones.
  public static let machineCapacity = 240
}
