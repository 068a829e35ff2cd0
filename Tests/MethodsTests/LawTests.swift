// What must hold for every method of the catalogue.
import Autograd
import Datasets
import Layers
import Methods
import Testing

/// Those that follow a gradient.
private let trainedMethods = MethodCatalog.ids.filter { $0 != "classic" }

/// Those for which a missing label says something, so that every entry counts.
private let readingMissingLabels: Set = [
  "b0", "label-enhancing", "assume-negative", "weak-assume-negative", "expected-positives", "role",
  "large-loss", "splc", "hill", "asymmetric", "partial-asymmetric", "nnpu", "prior-corrected",
]

/// Those whose first stage hears the clips alone.
private let hearingFirst: Set = ["self-supervised"]

/// The loss of a perfect network, where it is not 0: the entropy of smoothed targets, and that of
/// estimated labels, which start at 0.995.
let smallestLosses: [String: Float] = ["assume-negative": 0.325, "role": 0.033]

/// Settings under which a method learns eight clips by heart: the student sees them as they are.
let learningByHeart: [String: [String: SettingValue]] = [
  "noisy-student": ["strength": .real(0)], "synthesis": ["share": .real(0)],
]

private let classes = 4
private let clips = 8

private func batch(seed: Int = 1, flipping entry: Int? = nil, observedShare: Double = 0.5) -> Batch
{
  var generator = Generator(seed: seed)
  let input = (0..<clips * 30).map { _ in Float(generator.normal()) }
  var targets = (0..<clips * classes).map { _ in Float(generator.index(below: 2)) }
  let observed = targets.map { _ in Float(generator.uniform() < observedShare ? 1 : 0) }
  if let entry { targets[entry] = 1 - targets[entry] }
  return Batch(
    clips: (0..<clips).map(String.init), input: Tensor(input, [clips, 1, 5, 6]),
    targets: Tensor(targets, [clips, classes]), observed: Tensor(observed, [clips, classes]),
    embeddings: ToyFeatures.embeddings(clips: clips, seed: seed))
}

private func make(
  _ type: any Method.Type, seed: Int = 3, observedShare: Double = 0.5
) throws -> any Method {
  let random = RandomSource(Generator(seed: seed))
  return try type.init(
    MethodSetup(
      makeModel: { ToyClassifier(inputs: 30, classes: classes, random: random) }, classes: classes,
      input: [1, 5, 6], embeddings: ToyFeatures.sizes,
      settings: try Settings(learningByHeart[type.card.id] ?? [:], of: type.card), plannedSteps: 60,
      clips: context(batch(observedShare: observedShare)).clips,
      random: random, makePart: { _ in ToyPart(random: random) }))
}

/// What a method's model scores of the batch.
private func scored(_ batch: Batch, by method: any Method) -> Tensor {
  ToyFeatures.scored(batch, by: type(of: method))
}

private func training(_ seed: Int) -> Mode { .training(RandomSource(Generator(seed: seed))) }

/// The batch as the clips of a training set.
private func context(_ batch: Batch) -> StageContext {
  let (targets, observed) = (batch.targets.values, batch.observed.values)
  let members = batch.clips.enumerated().map { n, id in
    let entries = n * classes..<(n + 1) * classes
    return Clip(
      id: id, audio: nil, split: .train, seconds: 1,
      labels: entries.map { observed[$0] == 1 ? targets[$0] : nil },
      truth: entries.map { targets[$0] })
  }
  return StageContext(clips: members) { $0(batch.input, .evaluation()).probabilities.values }
}

/// `steps` updates on one batch in every stage; the loss before each of the last stage's. Where
/// features are learned from as well, theirs need not become 0: the loss of the labels alone.
private func train(
  _ method: any Method, steps: Int, on batch: Batch, seed: Int = 5
) throws -> [Float] {
  let mode = training(seed)
  var losses: [Float] = []
  for stage in type(of: method).stages(Settings()).indices {
    let adam = Adam(method.trained(in: stage).namedParameters)
    losses = (1...steps).map { step in
      let loss = method.loss(batch, mode)
      let total = loss.total
      adam.step(gradients(of: total), learningRate: 0.02)
      method.stepEnded(step)
      let isTaught = !type(of: method).extractors(Settings()).isEmpty
      return isTaught ? loss.terms[0].value.item : total.item
    }
    _ = try method.stageEnded(stage, context(batch))
  }
  return losses
}

/// The method is made anew for each loss, since some remember the clips that they have heard.
@Test(arguments: trainedMethods)
func unobservedTargetsNeverReachTheLoss(id: String) throws {
  func loss(flipping entry: Int? = nil) throws -> Float {
    let method = try make(try #require(MethodCatalog.find(id)))
    return method.loss(batch(flipping: entry), training(7)).total.item
  }
  let before = try loss()
  let observed = batch().observed.values
  for entry in observed.indices where observed[entry] == 0 {
    #expect(try loss(flipping: entry) == before, "\(id): entry \(entry)")
  }
  let seen = try #require(observed.firstIndex(of: 1))
  #expect(try (loss(flipping: seen) == before) == hearingFirst.contains(id))
}

@Test(arguments: trainedMethods)
func sameSeedSameNumbers(id: String) throws {
  let type = try #require(MethodCatalog.find(id))
  let one = try train(try make(type), steps: 5, on: batch())
  #expect(try one == train(try make(type), steps: 5, on: batch()))
  #expect(try one != train(try make(type, seed: 4), steps: 5, on: batch()))
}

@Test(arguments: trainedMethods)
func eightClipsAreOverfitted(id: String) throws {
  let method = try make(try #require(MethodCatalog.find(id)), observedShare: 1)
  let losses = try train(method, steps: 60, on: batch(observedShare: 1))
  let least = smallestLosses[id, default: 0]
  #expect(losses[0] - least > 0.1, "\(id): \(losses[0])")
  #expect((losses.last ?? 1) - least < 0.05, "\(id): \(losses.last ?? .nan)")
  let probabilities = method.model(scored(batch(), by: method), training(1)).probabilities.values
  let right = zip(probabilities, batch(observedShare: 1).targets.values)
    .count { ($0 > 0.5) == ($1 > 0.5) }
  #expect(right == clips * classes)
}

@Test(arguments: trainedMethods)
func everyTermWithAValueHasAGradient(id: String) throws {
  let method = try make(try #require(MethodCatalog.find(id)))
  for term in method.loss(batch(), training(2)).terms where term.value.item != 0 {
    let slopes = gradients(of: term.value)
    let largest = method.trained(in: 0).namedParameters.compactMap { slopes[$0.parameter] }
      .flatMap(\.values).map(abs).max()
    #expect((largest ?? 0) > 0, "\(id): term \(term.name) is dead")
    #expect(term.denominator > 0 && term.denominator <= term.entries)
  }
}

@Test(arguments: trainedMethods)
func restoredStateGivesTheSameLogits(id: String) throws {
  let type = try #require(MethodCatalog.find(id))
  let trained = try make(type)
  _ = try train(trained, steps: 5, on: batch())
  let fresh = try make(type, seed: 99)
  try fresh.model.restore(trained.model.state)
  let input = scored(batch(seed: 8), by: fresh)
  #expect(
    fresh.model(input, .evaluation()).probabilities.values
      == trained.model(input, .evaluation()).probabilities.values)
}

@Test(arguments: trainedMethods)
func teacherGetsNoGradient(id: String) throws {
  let method = try make(try #require(MethodCatalog.find(id)))
  guard let teacher = method.teacher, type(of: method).stages(Settings()).count == 1 else { return }
  let slopes = gradients(of: method.loss(batch(), training(2)).total)
  #expect(teacher.namedParameters.allSatisfy { slopes[$0.parameter] == nil })
  let before = teacher.state.mapValues(\.values)
  let adam = Adam(method.model.namedParameters)
  adam.step(slopes, learningRate: 0.1)
  let moved = teacher.namedParameters
    .contains { $0.parameter.isTrainable && before[$0.name] != $0.parameter.value.values }
  #expect(!moved, "\(id): the optimizer moved the teacher")
}

@Test func b0CountsAllEntriesAndB1ObservedOnes() throws {
  let answered = batch().observed.values.count { $0 == 1 }
  let b0 = try make(B0.self).loss(batch(), training(1))
  let b1 = try make(B1.self).loss(batch(), training(1))
  #expect(b0.terms[0].denominator == clips * classes)
  #expect(b1.terms[0].denominator == answered && answered < clips * classes)
}

/// Each term brings the entries that its mean runs over; means over clips bring none.
@Test(arguments: trainedMethods)
func everyTermReportsItsCountedEntries(id: String) throws {
  let batch = batch()
  let terms = try make(try #require(MethodCatalog.find(id))).loss(batch, training(2)).terms
  for term in terms {
    guard let counted = term.counted else {
      let isKnown = ["con", "dis", "views"].contains(term.name)
      #expect(isKnown, "\(id): \(term.name) says not what it counts")
      continue
    }
    #expect(counted.shape == [clips, classes])
    #expect(counted.values.count { $0 > 0 } == term.denominator, "\(id): \(term.name)")
    #expect(term.entries == clips * classes)
    let readsMissing = readingMissingLabels.contains(id)
    if term.name == "cls", !readsMissing { #expect(counted.values == batch.observed.values) }
    if readsMissing || term.name == "cons" { #expect(counted.values.allSatisfy { $0 == 1 }) }
    if ["pseudo", "ent"].contains(term.name) {
      #expect(zip(counted.values, batch.observed.values).allSatisfy { $0 * $1 == 0 })
    }
  }
}

/// Mixing leaves out what one of the two clips was not asked about: no count of labels says which.
@Test func mixedClipsCountCommonObservedEntries() throws {
  let random = RandomSource(Generator(seed: 3))
  let b1 = try B1(
    MethodSetup(
      makeModel: { ToyClassifier(inputs: 30, classes: classes, random: random) }, classes: classes,
      augmentation: Augmentation(mixup: 0.5), plannedSteps: 60, random: random))
  let batch = batch()
  let counted = try #require(b1.loss(batch, training(1)).terms[0].counted)
  #expect(zip(counted.values, batch.observed.values).allSatisfy { $0 <= $1 })
  #expect(counted.values != batch.observed.values)
}

/// The teacher of mean teacher is its result; every other method's is what it trains last.
@Test(arguments: MethodCatalog.ids)
func everyMethodDeclaresItsResultNetwork(id: String) throws {
  let type = try #require(MethodCatalog.find(id))
  #expect(type.result == (id == "mean-teacher" ? .teacher : .student))
  guard id != "classic" else { return }
  let method = try make(type)
  #expect(type.result == .student || method.teacher != nil)
}

@Test func b1SkipsBatchesWithoutObservedLabels() throws {
  let nothing = try make(B1.self).loss(batch(observedShare: 0), training(1))
  #expect(nothing.isEmpty && nothing.total.item == 0)
  #expect(try make(B0.self).loss(batch(observedShare: 0), training(1)).isEmpty == false)
}

@Test func mixupKeepsObservedLabelsForB0() throws {
  let random = RandomSource(Generator(seed: 3))
  let b0 = try B0(
    MethodSetup(
      makeModel: { ToyClassifier(inputs: 30, classes: classes, random: random) }, classes: classes,
      augmentation: Augmentation(mixup: 0.5), plannedSteps: 60, random: random))
  #expect(b0.loss(batch(), training(1)).terms[0].denominator == clips * classes)
}

@Test(arguments: MethodCatalog.ids)
func unknownHyperparametersAreRefused(id: String) throws {
  let card = try #require(MethodCatalog.find(id)).card
  #expect(throws: SettingsError.self) { try Settings(["typo": .real(1)], of: card) }
}

@Test func cardsAreUniqueAndComplete() {
  let cards = MethodCatalog.all.map { $0.card }
  #expect(Set(cards.map(\.id)).count == cards.count)
  #expect(cards.allSatisfy { !$0.title.isEmpty && !$0.summary.isEmpty && !$0.paper.isEmpty })
}
