// A weight that rises while a teacher or a model's own guesses become worth listening to.
import Layers

/// The weight of a term over the steps of a stage.
struct RisingWeight {
  let largest: Double
  /// Steps until it is reached; 0: from the start.
  let rise: Int

  /// `share` of `steps` is spent rising, along e^(−5·(1 − t/T)²).
  /// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
  init(_ largest: Double, rising share: Double, of steps: Int) {
    self.largest = largest
    rise = Int((share * Double(steps)).rounded())
  }

  /// At step t from 0.
  func value(at t: Int) -> Double {
    guard rise > 0 else { return largest }
    return largest * Ramp.sigmoid.factor(step: t, over: rise)
  }

  static let hyperparameter = Hyperparameter(
    "rampUp", "ramp-up", help: "share of the steps over which the weight rises; 0: constant",
    initial: .real(0), range: .real(0...1))
}
