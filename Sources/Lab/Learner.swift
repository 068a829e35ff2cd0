// One optimizer step after the other: the method's loss, its gradient, the update, and what there
// is to say about them.
import Autograd
import Datasets
import Foundation
import Layers
import Methods

/// Lives on the trainer's queue.
final class Learner {
  let method: any Method
  let random: RandomSource
  private let optimizer: any Optimizer
  /// Longer gradients are scaled to this norm; 0: none are.
  private let longestGradient: Double
  private let schedule: Schedule
  private let learningRate: Double
  private let plannedSteps: Int
  /// Of training steps; scores are always computed in float32.
  private let precision: Precision
  /// Steps taken.
  private(set) var step = 0

  /// A term whose gradient is longer than this is flagged.
  static let explodingNorm = 1e3

  init(_ plan: TrainingPlan) throws {
    let recipe = plan.recipe
    random = RandomSource(Generator(seed: recipe.seed, 0x7472_6169))
    method = try plan.makeMethod(random, plan.plannedSteps)
    optimizer = recipe.optimizer(of: method.model.namedParameters)
    schedule = recipe.schedule
    longestGradient = recipe.real("training.clip")
    learningRate = recipe.real("training.learningRate")
    plannedSteps = plan.plannedSteps
    precision = recipe.precision
  }

  struct Outcome {
    var terms: [TermReport]
    var total: Float
    var gradNorm: Float
    var rate: Double
    var probabilities: Tensor?
  }

  /// Takes one step; a batch without an entry that counts changes no weight. `measuring` adds each
  /// term's gradient norm, one backward pass a term. Throws `Divergence` before anything changes.
  func learn(_ batch: Batch, measuring: Bool) throws -> Outcome {
    let rate = learningRate * schedule.factor(step: step, of: plannedSteps)
    let loss = method.loss(batch, .training(random, precision: precision))
    let total = loss.total
    try check(batch, loss, total)
    let measured = measuring && loss.terms.count > 1 ? loss.terms.map(termNorm) : nil
    var slopes = gradients(of: total, forgetting: true)
    let norm = try gradientNorm(slopes, batch)
    if longestGradient > 0 {
      let parameters = method.model.namedParameters.map(\.parameter)
      _ = slopes.clip(norm: longestGradient, of: parameters)
    }
    let alone = loss.terms.count == 1 ? [Double(norm)] : nil
    let reports = loss.terms.enumerated().map { index, term in
      report(term, gradNorm: (measured ?? alone)?[index])
    }
    if !loss.isEmpty { optimizer.step(slopes, learningRate: rate) }
    step += 1
    method.stepEnded(step)
    return Outcome(
      terms: reports, total: total.item, gradNorm: norm, rate: rate,
      probabilities: loss.probabilities)
  }

  private func check(_ batch: Batch, _ loss: Loss, _ total: Tensor) throws {
    guard !total.item.isFinite else { return }
    let suspects =
      [("input", batch.input)] + (loss.probabilities.map { [("probabilities", $0)] } ?? [])
      + loss.terms.map { ("loss/\($0.name)", $0.value) } + [("loss/total", total)]
    let culprit = suspects.first { !$0.1.detached.sum().item.isFinite }
    throw Divergence(tensor: culprit?.0 ?? "loss/total", what: "is not finite")
  }

  /// An input that is no number can hide from the loss behind a ReLU; it shows here.
  private func gradientNorm(_ slopes: Gradients, _ batch: Batch) throws -> Float {
    var squares: Float = 0
    for (name, parameter) in method.model.namedParameters {
      guard let slope = slopes[parameter] else { continue }
      let square = (slope * slope).sum().item
      guard square.isFinite else {
        guard batch.input.sum().item.isFinite else {
          throw Divergence(tensor: "input", what: "is not finite")
        }
        throw Divergence(tensor: name, what: "has no finite gradient")
      }
      squares += square
    }
    return squares.squareRoot()
  }

  private func termNorm(_ term: Loss.Term) -> Double {
    let slopes = gradients(of: term.value)
    return slopes.norm(of: method.model.namedParameters.map(\.parameter)) * abs(term.weight)
  }

  private func report(_ term: Loss.Term, gradNorm: Double?) -> TermReport {
    let value = Double(term.value.item)
    var flags: [String] = []
    if let gradNorm {
      if value * term.weight != 0, gradNorm == 0 { flags.append("dead") }
      if gradNorm > Self.explodingNorm { flags.append("exploding") }
    }
    return TermReport(
      name: term.name, value: value, weight: term.weight, contribution: value * term.weight,
      gradNorm: gradNorm, denominator: term.denominator, entries: term.entries, flags: flags)
  }
}

/// A number that is none: which tensor, and what is wrong with it.
struct Divergence: Error, CustomStringConvertible {
  let tensor: String
  let what: String
  var description: String { "\(tensor) \(what); expected finite numbers" }
}

// MARK: what a checkpoint keeps of it

extension Learner {
  private static let teacher = "teacher."
  private static let optimizer = "optimizer."

  /// Parameters under their own names, the teacher's under `teacher.`.
  var weights: [String: Tensor] {
    var all = method.model.state
    for (name, value) in method.teacher?.state ?? [:] { all[Self.teacher + name] = value }
    return all
  }

  /// The weights and the optimizer's moments.
  var state: [String: Tensor] {
    var all = weights
    for (name, value) in optimizer.state { all[Self.optimizer + name] = value }
    return all
  }

  /// Puts saved weights in place; other tensors are left out of account.
  func restoreWeights(_ tensors: [String: Tensor]) throws {
    try method.model.restore(Self.student(in: tensors))
    try method.teacher?.restore(Self.strip(Self.teacher, from: tensors))
  }

  func restore(_ tensors: [String: Tensor], step: Int, generator: Generator) throws {
    try restoreWeights(tensors)
    try optimizer.restore(Self.strip(Self.optimizer, from: tensors))
    random.generator = generator
    self.step = step
  }

  static func student(in tensors: [String: Tensor]) -> [String: Tensor] {
    let others = [teacher, optimizer, Checkpoint.standardizer]
    return tensors.filter { name, _ in !others.contains { name.hasPrefix($0) } }
  }

  static func teacher(in tensors: [String: Tensor]) -> [String: Tensor]? {
    let found = strip(teacher, from: tensors)
    return found.isEmpty ? nil : found
  }

  private static func strip(_ prefix: String, from tensors: [String: Tensor]) -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    for (name, value) in tensors where name.hasPrefix(prefix) {
      found[String(name.dropFirst(prefix.count))] = value
    }
    return found
  }
}
