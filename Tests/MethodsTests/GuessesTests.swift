import Autograd
import Datasets
import Layers
import Methods
import Testing

/// Answers by the first values of each clip, whatever the mode: guesses can be told by hand.
private struct Parrot: Classifier {
  let scale = Parameter(Tensor(1))

  func callAsFunction(_ input: Tensor, _ mode: Mode) -> Prediction {
    let logits = input * mode.use(scale)
    return Prediction(.logits(logits), embedding: input)
  }
}

@Suite struct GuessesTests {
  /// Probabilities 0.99, 0.6, 0.01 and again; only the last entry is answered.
  private let batch = Batch(
    clips: ["a", "b"], input: Tensor([4.6, 0.4, -4.6, 4.6, 0.4, -4.6], [2, 3]),
    targets: Tensor([0, 0, 0, 0, 0, 0], [2, 3]), observed: Tensor([0, 0, 0, 0, 0, 1], [2, 3]))

  private func loss(_ type: any Method.Type) throws -> Loss {
    let random = RandomSource(Generator(seed: 1))
    let method = try type.init(
      MethodSetup(makeModel: { Parrot() }, classes: 3, plannedSteps: 1, random: random))
    return method.loss(batch, .training(random))
  }

  @Test(arguments: ["pseudo-label", "fixmatch"])
  func onlySureAnswersOnMissingEntriesCount(id: String) throws {
    let loss = try loss(try #require(MethodCatalog.find(id)))
    let pseudo = try #require(loss.terms.last)
    #expect(pseudo.name == "pseudo" && pseudo.denominator == 3)
    #expect(loss.terms[0].denominator == 1)
    #expect(loss.measures["mask/ratio"] == 0.5)
  }

  @Test func theGuessIsTheAnswerItself() throws {
    let pseudo = try #require(try loss(PseudoLabel.self).terms.last)
    // −ln 0.99 for each sure entry.
    #expect(abs(pseudo.value.item - 0.01) < 1e-3)
  }

  @Test func theHarshLookIsJudgedByTheMildOne() throws {
    let pseudo = try #require(try loss(FixMatch.self).terms.last)
    // Noise alone changes the harsh look of inputs that are no spectrograms.
    #expect(pseudo.value.item != (try loss(PseudoLabel.self).terms.last?.value.item))
    #expect(abs(pseudo.value.item - 0.01) < 5e-3)
  }
}
