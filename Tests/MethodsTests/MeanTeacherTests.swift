import Autograd
import Datasets
import Foundation
import Layers
import Methods
import TestSupport
import Testing

@Suite struct MeanTeacherTests {
  private func make(_ settings: [String: SettingValue]) throws -> MeanTeacher {
    let random = RandomSource(Generator(seed: 4))
    return try MeanTeacher(
      MethodSetup(
        makeModel: { ToyClassifier(inputs: 6, classes: 3, random: random) }, classes: 3,
        settings: Settings(settings, of: MeanTeacher.card), plannedSteps: 20, random: random))
  }

  private func batch(observed: Float = 1) -> Batch {
    var generator = Generator(seed: 9)
    return Batch(
      clips: (0..<8).map(String.init),
      input: Tensor((0..<48).map { _ in Float(generator.normal()) }, [8, 6]),
      targets: Tensor((0..<24).map { $0 % 3 == 0 ? 1 : 0 }, [8, 3]),
      observed: Tensor(repeating: observed, [8, 3]))
  }

  /// A twentieth of the planned steps, within bounds: α of the built-in data set's reference figures
  /// is 0.98 in 800 steps, that of the paper 0.999 in 19,900.
  @Test(arguments: [
    (20, 0.9), (240, 1 - 1 / 12.0), (800, 0.975), (19_900, 0.999), (1_000_000, 0.999),
  ])
  func automaticDecayFollowsFromThePlannedSteps(steps: Int, decay: Double) throws {
    #expect(abs(MeanTeacher.decay(.auto, steps: steps) - decay) < 1e-5)
    #expect(MeanTeacher.decay(.fixed(0.5), steps: steps) == 0.5)
    #expect(
      MeanTeacher.automatic(try Settings([:], of: MeanTeacher.card), plannedSteps: 800) == [
        AutomaticSetting(key: "emaDecay", text: "0.975, a memory of 40 of 800 steps")
      ])
    let fixed = try Settings(["emaDecay": .real(0.9)], of: MeanTeacher.card)
    #expect(MeanTeacher.automatic(fixed, plannedSteps: 800).isEmpty)
  }

  /// In 20 planned steps `auto` is 0.9.
  @Test func teacherUsesTheAutomaticDecay() throws {
    let (method, given) = (try make([:]), try make(["emaDecay": .real(0.9)]))
    for each in [method, given] {
      for step in 1...20 {
        for (_, parameter) in each.model.namedParameters where parameter.isTrainable {
          parameter.value = Tensor(repeating: Float(step), parameter.value.shape)
        }
        each.stepEnded(step)
      }
    }
    let name = try #require(method.model.namedParameters.first { $0.parameter.isTrainable }).name
    #expect(method.teacher?.state[name]?.values == given.teacher?.state[name]?.values)
  }

  /// φ′_n = Σ over the student's weights of all steps, by the product of the α that followed.
  @Test func teacherMatchesTheClosedFormAfterManySteps() throws {
    let decay = 0.9
    let method = try make(["emaDecay": .real(decay)])
    let adam = Adam(method.model.namedParameters)
    let mode = Mode.training(RandomSource(Generator(seed: 6)))
    var history = [try #require(method.teacher).state.mapValues(\.values)]
    for step in 1...20 {
      adam.step(gradients(of: method.loss(batch(), mode).total), learningRate: 0.01)
      method.stepEnded(step)
      history.append(method.model.state.mapValues(\.values))
    }
    let alphas = (1...20).map { min(1 - 1 / Double($0 + 1), decay) }
    for (name, parameter) in method.model.namedParameters where parameter.isTrainable {
      var expected = [Double](repeating: 0, count: parameter.value.count)
      for (step, weights) in history.enumerated() {
        let own = step == 0 ? 1 : 1 - alphas[step - 1]
        let share = own * alphas[step...].reduce(1, *)
        for (i, value) in (weights[name] ?? []).enumerated() {
          expected[i] += share * Double(value)
        }
      }
      let actual = try #require(method.teacher?.state[name]).values
      expectClose(actual, expected.map { Float($0) }, absolute: 1e-5)
    }
  }

  @Test func teacherHasItsOwnRunningStatistics() throws {
    let method = try make(["teacherStart": .choice("random")])
    let mode = Mode.training(RandomSource(Generator(seed: 6)))
    _ = method.loss(batch(), mode)
    method.stepEnded(1)
    let name = "bn.running_mean"
    let teacher = try #require(method.teacher)
    #expect(method.model.state[name]?.values != teacher.state[name]?.values)
    #expect(teacher.state[name]?.values.contains { $0 != 0 } == true)
  }

  @Test func consistencyCountsAllEntries() throws {
    let method = try make([
      "teacherStart": .choice("random"), "consistency": .real(3), "rampUp": .real(0),
    ])
    let loss = method.loss(
      batch(observed: 0), .training(RandomSource(Generator(seed: 1))))
    #expect(loss.terms.map(\.denominator) == [0, 24])
    #expect(loss.terms[1].value.item > 0 && !loss.isEmpty)
    #expect(loss.terms[1].weight == 3)
  }

  @Test func weightRampsUp() throws {
    let method = try make(["consistency": .real(2), "rampUp": .real(0.5)])
    let random = RandomSource(Generator(seed: 1))
    var weights: [Double] = []
    for step in 1...20 {
      weights.append(method.loss(batch(), .training(random, step: step - 1)).terms[1].weight)
      method.stepEnded(step)
    }
    #expect(abs(weights[0] - 2 * exp(-5)) < 1e-9)
    #expect(abs(weights[5] - 2 * exp(-5 * 0.25)) < 1e-9)
    #expect(weights[10...].allSatisfy { $0 == 2 })
  }

  /// Checkpoints of earlier builds also hold the number of steps.
  @Test func stateOfEarlierVersionsIsAccepted() throws {
    func after(_ memory: [String: Tensor]) throws -> [Float] {
      let method = try make(["emaDecay": .real(0.9), "teacherStart": .choice("random")])
      var context = StageContext(clips: []) { _ in [] }
      context.step = 3
      try method.restore(memory, stage: 0, context: context)
      method.stepEnded(4)
      return try #require(method.teacher).state.sorted { $0.key < $1.key }.flatMap(\.value.values)
    }
    #expect(try after(["step": Tensor(3)]) == after([:]))
    #expect(try make([:]).memory.isEmpty)
  }

  @Test func disagreementIsReported() throws {
    let method = try make(["teacherStart": .choice("random")])
    let loss = method.loss(batch(), .training(RandomSource(Generator(seed: 1))))
    let student = try #require(loss.probabilities).values
    let teacher = try #require(loss.teacherProbabilities).values
    let different = zip(student, teacher).count { ($0 >= 0.5) != ($1 >= 0.5) }
    #expect(different > 0)
    #expect(loss.measures["disagree/cells"] == Float(different) / 24)
  }
}
