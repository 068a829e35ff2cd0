// How long a run of a row takes, from a short measurement and from finished runs.

/// The duration of a training.
package struct RunCost: Codable, Sendable, Equatable {
  /// Reading features, fitting without epochs, and the test, s.
  package var fixed: Double
  /// An epoch of every stage with its validation, s.
  package var epoch: Double

  package init(fixed: Double, epoch: Double) {
    self.fixed = fixed
    self.epoch = epoch
  }

  package func seconds(epochs: Int) -> Double { fixed + epoch * Double(epochs) }

  /// The cost after a run that took this long: halfway between what was known and what it took.
  package func corrected(by measured: Double, epochs: Int) -> RunCost {
    let expected = seconds(epochs: epochs)
    guard expected > 0, measured.isFinite, measured > 0 else { return self }
    let scale = 0.5 + 0.5 * measured / expected
    return RunCost(fixed: fixed * scale, epoch: epoch * scale)
  }
}
