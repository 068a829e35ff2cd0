// The moving average of weights, and the ramps that go with it.
import Autograd
import Foundation
import Layers
import TestSupport
import Testing

@Suite struct MovingAverages {
  typealias Named = [(name: String, parameter: Parameter)]

  private func network(_ value: Float) -> Named {
    [
      ("w", Parameter(Tensor(repeating: value, [3]))),
      ("mean", Parameter(Tensor(repeating: value, [2]), isTrainable: false)),
    ]
  }

  /// α is 1/2, 2/3, 3/4, ... until the decay, by the formula in double.
  @Test func earlyUpdatesForgetTheInitialValue() {
    let student = network(0)
    let teacher = network(8)
    let average = ExponentialMovingAverage(of: student, in: teacher, decay: 0.8)
    var expected = 8.0
    for step in 1...8 {
      student[0].parameter.value = Tensor(repeating: Float(step), [3])
      average.update()
      let share = min(1 - 1 / Double(step + 1), 0.8)
      expected = share * expected + (1 - share) * Double(step)
      #expect(abs(Double(teacher[0].parameter.value.values[1]) - expected) < 1e-6)
    }
    #expect(average.nextShare == 0.8)
    #expect(teacher[1].parameter.value.values == [8, 8], "a teacher keeps its own statistics")
  }

  @Test func buffersAreAveragedOrCopied() {
    let student = network(4)
    for (buffers, expected) in [
      (ExponentialMovingAverage.Buffers.leave, Float(0)), (.average, 2), (.copy, 4),
    ] {
      let averages = network(0)
      let average = ExponentialMovingAverage(
        of: student, in: averages, decay: 0.99, buffers: buffers)
      average.update()
      #expect(average.averages["mean"]?.values == [expected, expected])
      #expect(average.averages["w"]?.values == [2, 2, 2])
    }
  }

  @Test func averagesAreKeptApartFromTheNetwork() throws {
    let layer = Linear(3, 2, random: RandomSource(Generator(seed: 1)))
    let before = layer.weight.value.values
    let average = ExponentialMovingAverage(of: layer.namedParameters, decay: 0.9)
    layer.weight.value = .zeros([2, 3])
    average.update()
    expectClose(average.averages["weight"]?.values ?? [], before.map { $0 / 2 }, absolute: 1e-7)
    #expect(layer.weight.value.values == [0, 0, 0, 0, 0, 0])
    try layer.restore(average.averages)
    #expect(layer.weight.value.values == average.averages["weight"]?.values)
  }

  @Test func resumingContinuesExactly() throws {
    let student = [("w", Parameter(Sample.normal([5])))]
    let average = ExponentialMovingAverage(of: student, decay: 0.7)
    func move(_ t: Int) { student[0].1.value = Sample.normal([5], seed: t) }
    for t in 0..<4 {
      move(t)
      average.update()
    }
    let saved = average.state
    let resumed = ExponentialMovingAverage(of: student, decay: 0.7)
    try resumed.restore(saved)
    for t in 4..<9 {
      move(t)
      average.update()
      resumed.update()
    }
    #expect(resumed.steps == 9)
    #expect(resumed.averages["w"]?.values == average.averages["w"]?.values)
    #expect(throws: StateError.missing("average.w")) { try resumed.restore(["step": Tensor(1)]) }
  }
}

@Suite struct Ramps {
  @Test func rampsRiseToOne() {
    #expect(RampUp.none.factor(step: 0, over: 10) == 1)
    #expect([0, 5, 10, 20].map { RampUp.linear.factor(step: $0, over: 10) } == [0, 0.5, 1, 1])
    #expect(abs(RampUp.sigmoid.factor(step: 0, over: 10) - exp(-5)) < 1e-15)
    #expect(abs(RampUp.sigmoid.factor(step: 5, over: 10) - exp(-1.25)) < 1e-15)
    #expect(RampUp.sigmoid.factor(step: 10, over: 10) == 1)
    #expect(RampUp.sigmoid.factor(step: 0, over: 0) == 1)
  }

  @Test func warmUpIsFollowedByTheSchedule() {
    let schedule = Schedule.warmup(0.1, then: .cosine)
    expectClose(
      (0..<5).map { Float(schedule.factor(step: $0, of: 40)) },
      [0.2, 0.4, 0.6, 0.8, 1], absolute: 1e-7)
    #expect(abs(schedule.factor(step: 22, of: 40) - 0.5) < 1e-12)
    #expect(Schedule.warmup(0, then: .constant).factor(step: 0, of: 40) == 1)
    #expect(Schedule.warmup(1, then: .cosine).factor(step: 40, of: 40) == 1)
  }

  @Test func milestonesByEpoch() {
    let schedule = Schedule.epochs(Array(5...25), of: 30, factor: 0.85)
    #expect(schedule.factor(step: 5 * 100 - 1, of: 3000) == 1)
    #expect(schedule.factor(step: 5 * 100, of: 3000) == 0.85)
    #expect(abs(schedule.factor(step: 2999, of: 3000) - pow(0.85, 21)) < 1e-12)
    for epoch in 5...25 {
      #expect(
        schedule.factor(step: epoch * 7, of: 210) < schedule.factor(step: epoch * 7 - 1, of: 210))
    }
  }
}
