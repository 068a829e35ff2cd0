// The one number that stands for a result: which metric, which network, and what it rests on.
import Foundation
import Lab
import Testing

@Suite struct HeadlineTests {
  private func end(_ metrics: [String: Double], model: String = "student") -> EvalEnd {
    var end = EvalEnd(json: [
      "split": "test", "model": model, "seconds": 1, "metrics": metrics,
      "perClass": [
        part("bass", 0.61, 9), part("flute", 0.31, 2), part("drums", 0.44, 1),
        part("voice", 0.9, 9),
        part("bell", nil, 0),
      ], "scored": 104, "entries": 215,
    ])
    end.intervals = ["f1-macro-both": ScoreInterval(json: ["low": 0.58, "high": 0.72, "draws": 9])]
    end.weights = 480
    return end
  }

  private func part(_ name: String, _ both: Double?, _ positives: Int) -> ClassScore {
    ClassScore(json: [
      "name": name, "f1": both.map { $0 / 2 } as Double?, "f1Both": both, "observed": 20,
      "positives": positives,
    ])
  }

  @Test func theTextNamesMetricNetworkStepAndLabels() {
    let headline = Headline(of: end(["f1-macro-both": 0.654, "ap-macro": 0.5]), columns: [])
    #expect(
      headline.lines == [
        "F1 (f1-macro-both) 0.654, 95 % 0.58–0.72 over clips, student at step 480, 43 test clips, "
          + "104 observed labels of 5 classes",
        "worst by F1 both: flute 0.31 (2 positives), drums 0.44 (1 positive), bass 0.61 "
          + "(9 positives)",
        "unscored: bell (no observed positive, or no negative)",
      ])
    var grouped = end(["f1-macro-both": 0.654])
    grouped.groups = 21
    #expect(Headline(of: grouped, columns: []).lines[0].contains("0.58–0.72 over 21 groups"))
  }

  @Test func theSessionNamesAnotherMetric() {
    let metrics = ["f1-macro-both": 0.654, "ap-macro": 0.5, "f1-macro": 0.4]
    #expect(Headline.metric(["dcase-f1", "ap-macro"], among: metrics.keys) == "dcase-f1")
    #expect(Headline.metric([], among: ["accuracy", "ap-macro"]) == "accuracy")
    let headline = Headline(of: end(metrics), columns: ["f1-macro"])
    #expect(headline.lines[0].hasPrefix("F1 (f1-macro) 0.400, student at step 480"))
    #expect(headline.lines[1].hasPrefix("worst by F1: flute 0.15"))
    // No other score takes the place of one without a value.
    let none = Headline(of: end(["ap-macro": 0.5]), columns: ["f1-macro-both"])
    #expect(none.value == nil && none.lines[0].hasPrefix("F1 (f1-macro-both) is undefined, "))
  }

  @Test func theLogBeginsWithTheHeadline() throws {
    var started = try #require(Samples.bodies[0] as? RunStarted)
    func line(_ metrics: [String: Double]) -> String? {
      end(metrics).note(of: Samples.event(started), in: started)?.text
    }
    let metrics = ["f1-macro-both": 0.654, "ap-macro": 0.5, "f1-macro": 0.4]
    #expect(line(metrics) == "test epoch 1: f1-macro-both 0.654, ap-macro 0.500")
    let single = line(["accuracy": 0.7, "f1-macro": 0.4])
    #expect(single == "test epoch 1: accuracy 0.700, f1-macro 0.400")
    started.columns = ["f1-macro", "f1-macro-both"]
    #expect(line(metrics) == "test epoch 1: f1-macro 0.400, f1-macro-both 0.654")
    started.columns = ["f1-micro"]
    #expect(
      line(["ap-macro": 0.5])
        == "test epoch 1: ap-macro 0.500; f1-micro is undefined, 4 of 5 classes have a positive")
  }

  /// The interval and the step are in the log, of the network that is the method's result.
  @Test(arguments: [("b1", "student"), ("mean-teacher", "teacher")])
  func aRunKeepsItsHeadline(method: String, network: String) throws {
    try Samples.withFolder { folder in
      let plan = try Tones.plan(folder, ["method.id": method])
      let trainer = try Tones.trainer(plan)
      trainer.start()
      let ended = trainer.wait()
      #expect(ended.reason == .done)
      let headline = try #require(try plan.folder.headline(columns: ["ap-macro"]))
      #expect(headline.network == network && headline.metric == "ap-macro")
      #expect(headline.value == ended.scores["test"]?[network]?["ap-macro"])
      let interval = try #require(headline.interval)
      let value = try #require(headline.value)
      #expect(interval.low <= value && value <= interval.high && interval.draws > 900)
      #expect((headline.step ?? 0) > 0 && headline.clips == plan.test.clips.count)
    }
  }
}
