// What readers of other programs' logs have in common: points of named curves, and counts of what
// is no point.

/// A value of a curve.
package struct LoggedPoint: Sendable, Equatable {
  /// Place of its name in the reader's table.
  package var tag: Int32
  package var step: UInt32
  package var value: Float
  /// Seconds since 1970; not finite where the log does not say.
  package var time: Double

  package init(tag: Int, step: UInt32, value: Float, time: Double) {
    (self.tag, self.step, self.value, self.time) = (Int32(clamping: tag), step, value, time)
  }
}

/// Reads the points of one growing file.
package protocol PointReader: RecordTaker, Sendable {
  init()
  var tags: TagTable { get }
  /// Removes and returns the points read so far, in the order of the file.
  mutating func takePoints() -> [LoggedPoint]
  var losses: LogLosses { get }
}

/// What a log holds beside its points.
package struct LogLosses: Sendable, Equatable {
  /// Records or lines that are damaged or hold a step that no curve can have.
  package var damaged = 0
  /// Values that are no numbers: images, sounds, histograms, texts.
  package var others = 0
  /// Values beyond the number of names that are kept.
  package var unnamed = 0
  /// Why the rest of the file cannot be read.
  package var end: String?

  package init(damaged: Int = 0, others: Int = 0, unnamed: Int = 0, end: String? = nil) {
    (self.damaged, self.others, self.unnamed, self.end) = (damaged, others, unnamed, end)
  }

  package mutating func add(_ other: LogLosses) {
    damaged += other.damaged
    others += other.others
    unnamed += other.unnamed
    end = end ?? other.end
  }
}
