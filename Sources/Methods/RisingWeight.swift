// A weight that rises while a teacher or a model's own guesses become worth listening to.
import Layers

/// The weight of a term over the steps of a stage.
struct RisingWeight {
  let largest: Double
  /// Steps until it is reached; 0: from the start.
  let rise: Int

  /// The `share` of the stage's steps is spent rising, along e^(−5·(1 − t/T)²).
  /// Paper: Tarvainen & Valpola 2017, arXiv:1703.01780.
  init(_ largest: Double, rising share: Hyperparameter<Double>, in setup: MethodSetup) {
    self.largest = largest
    rise = Int((setup[share] * Double(setup.plannedSteps)).rounded())
  }

  /// After t updates (`Mode.step`).
  func value(at t: Int) -> Double {
    guard rise > 0 else { return largest }
    return largest * Ramp.sigmoid.factor(step: t, over: rise)
  }

  static func rampUp(initial: Double) -> Hyperparameter<Double> {
    Hyperparameter(
      "rampUp", "ramp-up", help: "share of the steps over which the weight rises; 0: constant",
      initial: initial, range: 0...1)
  }
}
