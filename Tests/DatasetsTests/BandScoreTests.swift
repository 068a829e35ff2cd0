// Band's composition, without any sound.
import Autograd
import Datasets
import Testing

@Suite struct BandScoreTests {
  @Test func hasTwentyDistinctClassesInAlphabeticalOrder() {
    let names = BandClass.all.map(\.name)
    #expect(names.count == 20)
    #expect(names == Set(names).sorted())
    #expect(names.first == "accordion" && names.last == "voice")
  }

  @Test func playsEachClassInAboutOneClipOfTen() {
    let clips = composedClips(400)
    let shares = (0..<20).map { k in
      Double(clips.count { $0.labels[k] == 1 }) / 400
    }
    let mean = shares.reduce(0, +) / 20
    #expect(abs(mean - 0.095) < 0.006)
    // Four standard deviations of a share of 0.095 among 400.
    #expect(shares.allSatisfy { abs($0 - 0.095) < 0.06 })
  }

  @Test func playsOneToThreeInstrumentsInTheStatedProportions() {
    let counts = composedClips(2000).map { $0.labels.count { $0 == 1 } }
    for (count, share) in [(1, 0.35), (2, 0.40), (3, 0.25)] {
      #expect(abs(Double(counts.count { $0 == count }) / 2000 - share) < 0.045)
    }
    #expect(counts.allSatisfy { (1...3).contains($0) })
  }

  @Test func dependsOnSeedSplitAndIndexOnly() {
    let recipe = BandRecipe(seed: 1, seconds: 3)
    #expect(recipe.score(.train, 7) == BandRecipe(seed: 1, seconds: 3).score(.train, 7))
    let labels = [
      recipe.score(.train, 7), recipe.score(.train, 8), recipe.score(.validation, 7),
      BandRecipe(seed: 2, seconds: 3).score(.train, 7),
    ]
    #expect(labels.indices.allSatisfy { i in labels.firstIndex(of: labels[i]) == i })
  }

  @Test(arguments: BandClass.all.indices)
  func equalGeneratorsDrawEqualStems(instrument: Int) {
    var first = Generator(seed: 3, instrument)
    var second = first
    let score = BandScore(seconds: 3, &first)
    let again = BandScore(seconds: 3, &second)
    let stem = BandStem(BandClass.all[instrument], in: score, &first)
    #expect(stem == BandStem(BandClass.all[instrument], in: again, &second))
    #expect(abs(stem.bend) <= 600)
    #expect(stem.notes.map(\.onset) == stem.notes.map(\.onset).sorted())
    for (i, note) in stem.notes.enumerated() {
      #expect(note.onset >= 0 && note.onset < 3)
      #expect((40...127).contains(note.velocity))
      let next = stem.notes[(i + 1)...].first { $0.key == note.key }
      #expect(note.release <= next?.onset ?? .infinity)
    }
  }

  @Test func anyNumberOfClipsIsDistributed() throws {
    #expect(try Band.sizes(3000) == [.train: 1600, .validation: 400, .test: 1000])
    #expect(try Band.sizes(300) == [.train: 160, .validation: 40, .test: 100])
    for clips in 4...60 {
      let sizes = try Band.sizes(clips)
      #expect(sizes.values.reduce(0, +) == clips)
      #expect(sizes.values.allSatisfy { $0 > 0 })
    }
    #expect(message { _ = try Band.sizes(3) } == "band: 3 clips; expected 4 to 100000")
  }
}
