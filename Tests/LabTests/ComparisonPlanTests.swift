// What a comparison trains within a budget: pure arithmetic.
import Lab
import Testing

@Suite struct ComparisonPlanTests {
  /// A row whose run of 40 epochs takes this many seconds.
  private func row(_ name: String, _ seconds: Double, candidates: Int = 2) -> ComparisonRow {
    ComparisonRow(
      name: name, title: name, method: name,
      candidates: (0..<candidates).map {
        ComparisonRow.Candidate(name: $0 == 0 ? name : "\(name)-\($0)", settings: "")
      }, epochs: nil, cost: RunCost(fixed: 0, epoch: seconds / 40))
  }

  private var wish: ComparisonPlan {
    ComparisonPlan(
      rows: [row("transfer", 2, candidates: 3), row("b1", 10), row("fixmatch", 20)], epochs: 40,
      folds: 5, repeats: 1, wantsCurve: true)
  }

  /// Ten places of 3 × 2 + 2 × 10 + 2 × 20 s, and a curve of 2 × 5 runs of the middle row.
  @Test func everythingIsTrainedWhereThereIsTime() {
    let plan = wish
    #expect(plan.seconds() == 10 * 66 + 100)
    let fitted = plan.fitted(into: 760)
    #expect(fitted == plan && fitted.dropped.isEmpty)
  }

  @Test func whatIsLeftOutHasAnOrder() {
    func fitted(_ seconds: Double) -> ComparisonPlan { wish.fitted(into: seconds) }
    let candidates = fitted(600)
    #expect(candidates.candidates == ["transfer": 3, "b1": 2, "fixmatch": 1])
    #expect(candidates.repeats == 1 && candidates.hasCurve && candidates.epochs == 40)
    #expect(candidates.dropped == ["other settings: not all were tried for fixmatch"])
    let repeats = fitted(300)
    // Leaving out the repeat makes room for the settings of the quickest row.
    #expect(repeats.candidates == ["transfer": 3, "b1": 1, "fixmatch": 1])
    #expect(repeats.repeats == 0 && repeats.hasCurve && repeats.folds == 5)
    let curve = fitted(200)
    #expect(!curve.hasCurve && curve.epochs == 40)
    #expect(curve.dropped.contains("learning curve: no time"))
    let epochs = fitted(100)
    #expect(epochs.epochs == 25 && epochs.folds == 5 && epochs.rows.count == 3)
    #expect(epochs.dropped.contains("epochs: 25 instead of 40"))
    let folds = fitted(24)
    #expect(folds.epochs == 10 && folds.folds == 3 && folds.rows.count == 3)
    let rows = fitted(7)
    #expect(rows.folds == 2 && rows.rows.map(\.name) == ["transfer", "b1"])
    #expect(rows.gone == ["fixmatch"] && rows.seconds() <= 7)
    #expect(rows.dropped.last == "methods: no time for fixmatch")
  }

  @Test func aBudgetThatIsTooSmallIsSaid() {
    let plan = wish.fitted(into: 0.1)
    #expect(plan.rows.map(\.name) == ["transfer"] && plan.folds == 2 && plan.epochs == 10)
    #expect(plan.dropped.last?.hasPrefix("time: ") == true)
  }

  @Test func theLowestByValidationGoesFirst() {
    let plan = wish.fitted(into: 7, ranking: ["fixmatch", "b1", "transfer"])
    #expect(!plan.rows.map(\.name).contains("transfer"))
  }

  /// Runs of different folds must be alike, and rows that lack a fold cannot come back.
  @Test func aPlanThatHasBegunKeepsItsEpochsAndTakesBackTheRest() {
    var plan = wish.fitted(into: 100)
    plan.isBegun = true
    let richer = plan.fitted(into: 10_000, done: 1)
    #expect(richer.epochs == 25 && richer.repeats == 1 && richer.candidates["fixmatch"] == 2)
    #expect(richer.dropped == ["epochs: 25 instead of 40"])
    let poorer = plan.fitted(into: 1, done: 3)
    #expect(poorer.epochs == 25 && poorer.folds == 3)
    var lean = wish.fitted(into: 7)
    lean.isBegun = true
    let again = lean.fitted(into: 10_000, done: 1)
    #expect(again.rows.count == 2 && again.dropped.contains("methods: no time for fixmatch"))
  }

  @Test func costsFollowWhatRunsTook() {
    let cost = RunCost(fixed: 1, epoch: 0.5)
    #expect(cost.seconds(epochs: 8) == 5)
    #expect(cost.corrected(by: 10, epochs: 8).seconds(epochs: 8) == 7.5)
    #expect(cost.corrected(by: 0, epochs: 8) == cost)
  }

  @Test(arguments: [("90s", 90.0), ("10m", 600), ("1h", 3600), ("1.5h", 5400), ("2.5m", 150)])
  func budgetsAreReadInSecondsMinutesAndHours(text: String, seconds: Double) {
    #expect(TimeBudget(text)?.seconds == seconds)
  }

  @Test(arguments: ["", "m", "10", "-5m", "0s", "nanm", "infh", "10 m", "1e9h", "10d", "٣m"])
  func whatIsNoBudgetIsNone(text: String) { #expect(TimeBudget(text) == nil) }

  @Test func rowsThatCannotDifferAreLeftOut() {
    let size = TrainingSize(clips: 100)
    let full = ComparisonRows(wanted: nil, isMissing: false, extractor: "mn04", size: size)
    #expect(full.rows.map(\.name) == ["transfer", "classic", "b1", "con-reg", "mean-teacher"])
    #expect(full.rows[0].title == "transfer (mn04)" && full.remarks.count == 1)
    let partly = ComparisonRows(wanted: nil, isMissing: true, extractor: "band-net", size: size)
    #expect(partly.rows.map(\.name) == ComparisonRows.usual)
    #expect(partly.remarks.count == 1 && partly.remarks[0].contains("mn04 would bring more"))
  }
}
