// What must hold for every method in each of its variants: finite, blind to what is missing, with
// the gradient of its loss, and restored exactly.
import Autograd
import Datasets
import Layers
import Methods
import Testing

extension LawCase {
  /// Whether the gradient is that of the loss. As published, each side of `role` takes the other one
  /// as a constant, the weights of asymmetric losses are constants unless the setting says
  /// otherwise, and `nnpu` follows another function where its risk would be negative. The golden
  /// values have their gradients.
  fileprivate var hasGradientOfItsLoss: Bool {
    switch id {
    case "role", "nnpu", "partial-asymmetric": false
    case "asymmetric": !settings.isEmpty
    default: true
    }
  }

  /// The loss of a fresh method at the start of a stage.
  fileprivate func loss(
    _ batch: Batch, stage: Int, observedShare: Double = 0.5, moved: [Float] = [], by size: Float = 0
  ) throws -> (method: any Method, loss: Loss) {
    let method = try make(stage: stage, observedShare: observedShare)
    var rest = moved[...]
    for (_, parameter) in trainable(method, stage) where !moved.isEmpty {
      let values = parameter.value.values
      let own = rest.prefix(values.count)
      rest = rest.dropFirst(values.count)
      parameter.value = Tensor(zip(values, own).map { $0 + size * $1 }, parameter.value.shape)
    }
    return (method, method.loss(batch, LawBench.training(7)))
  }

  fileprivate func trainable(_ method: any Method, _ stage: Int) -> NamedParameters {
    method.trained(in: stage).namedParameters.filter { $0.parameter.isTrainable }
  }
}

@Suite struct CellLawTests {
  /// Nothing observed, some, or all: every number stays finite.
  @Test(arguments: LawCase.all) func everyLossIsFinite(_ law: LawCase) throws {
    for share in [0, 0.5, 1] {
      let batch = LawBench.batch(observedShare: share)
      for stage in 0..<(try law.stages()) {
        let (method, loss) = try law.loss(batch, stage: stage, observedShare: share)
        #expect(loss.total.item.isFinite, "stage \(stage), \(share) observed")
        let slopes = gradients(of: loss.total)
        for (name, parameter) in law.trainable(method, stage) {
          let isFinite = slopes[parameter]?.values.allSatisfy(\.isFinite) ?? true
          #expect(isFinite, "stage \(stage), \(share) observed: \(name)")
        }
      }
    }
  }

  @Test(arguments: LawCase.all) func valuesUnderMissingLabelsAreNeverRead(_ law: LawCase) throws {
    let (batch, other) = (LawBench.batch(), LawBench.batch(isFlipped: true))
    #expect(batch.targets.values != other.targets.values)
    for stage in 0..<(try law.stages()) {
      let (one, two) = (try law.loss(batch, stage: stage), try law.loss(other, stage: stage))
      #expect(one.loss.total.item == two.loss.total.item, "stage \(stage)")
      let (slopes, others) = (gradients(of: one.loss.total), gradients(of: two.loss.total))
      for (a, b) in zip(law.trainable(one.method, stage), law.trainable(two.method, stage)) {
        let isSame = slopes[a.parameter]?.values == others[b.parameter]?.values
        #expect(isSame, "stage \(stage): \(a.name)")
      }
    }
  }

  /// A cell that a term does not count gets no gradient of it, and most that it counts get one.
  @Test(arguments: LawCase.all) func onlyCountedCellsGetAGradient(_ law: LawCase) throws {
    for stage in 0..<(try law.stages()) {
      let (method, loss) = try law.loss(LawBench.batch(), stage: stage)
      let named = method.trained(in: stage).namedParameters
      guard let cells = named.first(where: { $0.name.hasSuffix("cells") })?.parameter,
        cells.isTrainable
      else { continue }
      for term in loss.terms {
        guard let counted = term.counted?.values,
          let slopes = gradients(of: term.value)[cells]?.values
        else { continue }
        let outside = zip(counted, slopes).contains { $0 == 0 && $1 != 0 }
        #expect(!outside, "stage \(stage), \(term.name): a cell that it leaves out")
        let reached = zip(counted, slopes).count { $0 > 0 && $1 != 0 }
        #expect(
          reached > 0 || term.denominator == 0 || term.value.item == 0,
          "stage \(stage), \(term.name): no cell")
      }
    }
  }

  /// Along the gradient and a drawn direction together.
  @Test(arguments: LawCase.all.filter(\.hasGradientOfItsLoss))
  func gradientsAreFiniteDifferences(_ law: LawCase) throws {
    let batch = LawBench.batch()
    for stage in 0..<(try law.stages()) {
      let (method, loss) = try law.loss(batch, stage: stage)
      let slopes = gradients(of: loss.total)
      let gradient = law.trainable(method, stage).flatMap { _, parameter in
        slopes[parameter]?.values ?? [Float](repeating: 0, count: parameter.value.count)
      }
      var generator = Generator(seed: 4)
      let drawn = gradient.map { _ in Float(generator.normal()) }
      let (own, other) = (norm(gradient), norm(drawn))
      guard own > 1e-4 else { continue }
      let direction = zip(gradient, drawn).map { $0 / own + $1 / other }
      let expected = zip(gradient, direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      func value(_ size: Float) throws -> Double {
        Double(try law.loss(batch, stage: stage, moved: direction, by: size).loss.total.item)
      }
      let size: Float = 2e-3
      let found = (try value(size) - value(-size)) / Double(2 * size)
      #expect(abs(found - expected) < 0.03 * abs(expected) + 1e-3, "\(found) for \(expected)")
    }
  }

  private func norm(_ values: [Float]) -> Float {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Weights, teacher, memory, optimizer and random numbers are all there is, across an epoch.
  @Test(arguments: LawCase.all) func savedStateGoesOnExactly(_ law: LawCase) throws {
    let whole = try law.make()
    let source = RandomSource(Generator(seed: 2))
    let adam = Adam(whole.trained(in: 0).namedParameters)
    _ = steps(1...3, whole, adam, source)
    let (weights, teacher, memory) = (whole.model.state, whole.teacher?.state, whole.memory)
    let (moments, stream) = (adam.state, source.generator)
    let expected = steps(4...6, whole, adam, source)

    // Old classes, which a mapping of labels reads, come from the file of the network.
    let resumed = try law.make(seed: law.settings["mapping"] == nil ? 77 : 3)
    try resumed.model.restore(weights)
    if let teacher { try resumed.teacher?.restore(teacher) }
    var context = LawBench.context(LawBench.batch())
    context.step = 3
    try resumed.restore(memory, stage: 0, context: context)
    let second = Adam(resumed.trained(in: 0).namedParameters)
    try second.restore(moments)
    #expect(steps(4...6, resumed, second, RandomSource(stream)) == expected)
  }

  private func steps(
    _ range: ClosedRange<Int>, _ method: any Method, _ adam: Adam, _ source: RandomSource
  ) -> [Float] {
    range.map { step in
      let total = method.loss(LawBench.batch(), .training(source, step: step - 1)).total
      adam.step(gradients(of: total), learningRate: 0.02)
      method.stepEnded(step)
      return total.item
    }
  }
}
