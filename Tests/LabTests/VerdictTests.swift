// A verdict finds what is true of simulated methods, and says what it cannot know.
import Foundation
import Lab
import Metrics
import TestSupport
import Testing

@Suite struct VerdictTests {
  private func verdict(_ change: (inout SimulatedComparison) -> Void) throws -> Verdict {
    var simulated = SimulatedComparison()
    change(&simulated)
    return try Verdict(try simulated.comparison(), draws: 300)
  }

  @Test func equalMethodsAreLevelAndAWorseOneIsBelow() throws {
    let verdict = try verdict {
      $0.methods = [("b0", 0.6), ("transfer", 0.9), ("concat", 0.89)]
      $0.groups = 60
    }
    let best = try #require(verdict.best)
    #expect(["transfer", "concat"].contains(best.name) && best.words == "best")
    #expect(verdict.indistinguishable.count == 1 && verdict.indistinguishable[0].words == "level")
    let last = try #require(verdict.rows.last)
    #expect(last.name == "b0" && last.words == "below A" && last.letter == "B")
    let test = try #require(last.versusBest)
    #expect(test.difference < -0.15 && test.corrected < 0.01 && test.corrected >= test.p)
    #expect(verdict.comparisons == 3)
    #expect(verdict.headline.hasPrefix(best.title + ": F1 0."))
    #expect(verdict.sentences.contains { $0.hasPrefix("Not distinguishable from it: ") })
    #expect(verdict.sentences.contains { $0.hasPrefix("The next group is 0.") })
  }

  @Test func differencesCountOverRecordings() throws {
    let alone = try verdict { $0.groups = 60 }
    let same = try verdict {
      $0.groups = 60
      $0.clipsPerGroup = 1
    }
    #expect(alone.rows == same.rows && alone.unit == "clips")
    let grouped = try verdict {
      ($0.groups, $0.clipsPerGroup) = (15, 4)
    }
    #expect(grouped.unit == "recordings" && grouped.testedClips == 60)
    #expect(grouped.testedGroups == 15)
    let (wide, narrow) = (try #require(grouped.best), try #require(alone.best))
    #expect(wide.interval.high - wide.interval.low > narrow.interval.high - narrow.interval.low)
  }

  @Test func fewClipsAreTooLittle() throws {
    let verdict = try verdict {
      $0.groups = 12
      $0.foldsTested = 3
    }
    let said = verdict.tooLittle
    #expect(said.contains { $0.hasPrefix("12 test clips: differences below 0.") }, "\(said)")
    #expect(said.contains("3 of 5 folds tested: the rest is unknown."))
    let tiny = try self.verdict { $0.groups = 4 }
    #expect(tiny.tooLittle.contains("4 test clips: no difference can be seen; 6 are needed."))
    #expect(tiny.rows.allSatisfy { $0.group == 0 })
    #expect(tiny.findings.allSatisfy { $0.certainty == .tooLittle && $0.f1 == nil })
  }

  @Test func aClassWithoutPositivesIsNotJudged() throws {
    let verdict = try verdict { $0.present = [0.5, 0.5, 0] }
    let rain = try #require(verdict.findings.first { $0.name == "rain" })
    #expect(rain.certainty == .tooLittle && rain.positives == 0 && rain.negatives == 40)
    #expect(rain.words == "too little: no clip is labelled present")
    #expect(
      verdict.tooLittle.contains(
        "rain: no clip is labelled present. Nothing can be said about this class."))
    #expect(verdict.findings.filter { $0.name != "rain" }.allSatisfy { $0.f1 != nil })
  }

  @Test func missingLabelsAreNotCounted() throws {
    let all = try verdict { $0.groups = 80 }
    let some = try verdict {
      $0.groups = 80
      $0.observed = 0.4
    }
    for (few, full) in zip(some.findings, all.findings) {
      #expect(few.positives + few.negatives < full.positives + full.negatives)
      #expect(full.positives + full.negatives == 80)
    }
    #expect(abs(some.facts.observed - 0.4) < 0.1)
    let none = try verdict { $0.observed = 0 }
    #expect(none.best == nil && none.rows.isEmpty)
    #expect(none.tooLittle.first?.hasPrefix("No score") == true)
    _ = try none.json()
  }

  @Test func classesAreCalledByTheirThresholds() throws {
    let good = try verdict {
      ($0.groups, $0.methods) = (200, [("transfer", 0.97)])
    }
    #expect(good.findings.allSatisfy { $0.certainty == .reliable && $0.words == "reliable" })
    #expect(good.comparisons == 0 && good.smallestDifference == nil)
    let weak = try verdict {
      ($0.groups, $0.methods) = (200, [("transfer", 0.6)])
    }
    #expect(weak.findings.allSatisfy { $0.certainty == .weak && $0.detail != nil })
    let likely = try verdict {
      ($0.groups, $0.methods) = (25, [("transfer", 0.93)])
    }
    let found = try #require(likely.findings.first { $0.certainty == .likely })
    #expect(found.positivesToHalve == 3 * found.positives)
    #expect(found.words.hasSuffix("more positives would halve the interval"))
  }

  @Test func aClassThatIsAlmostAlwaysThereNeedsMore() throws {
    // Always "present" reaches an F1 of about .93 here: .89 is nothing.
    let verdict = try verdict {
      ($0.groups, $0.methods, $0.present) = (120, [("transfer", 0.82)], [0.9, 0.5, 0.5])
    }
    let flute = verdict.findings[0]
    #expect(flute.certainty == .weak && (flute.f1 ?? 0) > 0.8)
    #expect(flute.detail?.hasPrefix("no better than always \"present\"") == true)
  }

  @Test func oneClassAClipIsJudgedByAccuracy() throws {
    let verdict = try verdict {
      ($0.isSingleLabel, $0.groups) = (true, 60)
    }
    #expect(verdict.metric == .accuracy && verdict.headline.contains(": accuracy 0."))
    #expect(verdict.baseline?.name.hasPrefix("always \"") == true)
    #expect((verdict.baseline?.score ?? 0) < 0.6)
  }

  @Test func otherClipsAreRefused() throws {
    let (good, other) = try (
      SimulatedComparison().comparison(), SimulatedComparison(groups: 30).comparison()
    )
    #expect(throws: MetricError.self) {
      try Verdict(
        Comparison(
          classes: good.classes, rows: [good.rows[0], other.rows[1]], curve: [],
          facts: good.facts))
    }
    #expect(throws: MetricError.self) {
      try Verdict(Comparison(classes: good.classes, rows: [], curve: [], facts: good.facts))
    }
  }
}
