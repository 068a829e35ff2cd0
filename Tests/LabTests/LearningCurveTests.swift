// More labels are promised only where the curve rises; and the JSON holds what the text says.
import Foundation
import Lab
import Metrics
import TestSupport
import Testing

@Suite struct LearningCurveTests {
  private func verdict(
    _ curve: [(labels: Int, quality: Double)], groups: Int = 150
  ) throws -> Verdict {
    var simulated = SimulatedComparison()
    (simulated.curve, simulated.groups) = (curve, groups)
    simulated.runs = ["transfer": "runs/transfer", "b1": "runs/b1"]
    return try Verdict(try simulated.comparison(), draws: 200)
  }

  @Test func aRisingCurvePromisesMore() throws {
    let verdict = try verdict([(100, 0.6), (200, 0.7), (400, 0.78)])
    let forecast = try #require(verdict.curve?.forecast)
    #expect(forecast.more == 200 && forecast.isClear && forecast.className == nil)
    // Half of the last step, a little less: the curve bends.
    #expect((0.01...0.07).contains(forecast.gain), "\(forecast)")
    #expect(forecast.interval.low <= forecast.gain && forecast.gain <= forecast.interval.high)
    #expect(forecast.words.hasPrefix("200 more labels should bring F1 0."))
    #expect(verdict.curveSentences.first == forecast.words)
    let ofClass = try #require(verdict.curve?.classes.first)
    #expect(ofClass.more == 35 && ofClass.metric == "F1" && ofClass.className != nil)
  }

  @Test func aFlatCurvePromisesNothing() throws {
    let verdict = try verdict([(1000, 0.85), (4000, 0.85)], groups: 400)
    let forecast = try #require(verdict.curve?.forecast)
    #expect(!forecast.isClear, "\(forecast)")
    #expect(forecast.words.contains("flat") || forecast.words.contains("does not show"))
  }

  @Test func fewClipsPromiseNothing() throws {
    let forecast = try #require(
      try verdict([(100, 0.74), (200, 0.76)], groups: 12).curve?.forecast)
    #expect(!forecast.isClear && forecast.words.contains("does not show"), "\(forecast)")
  }

  @Test func onePointIsNoCurve() throws {
    #expect(try verdict([(100, 0.7)]).curve == nil && verdict([]).curve == nil)
    #expect(try verdict([(100, 0.7), (100, 0.8)]).curve == nil)
    #expect(try verdict([]).curveSentences.isEmpty)
  }

  @Test func theJSONHoldsWhatTheTextSays() throws {
    let verdict = try verdict([(100, 0.6), (200, 0.7), (400, 0.78)])
    let data = try verdict.json()
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys = Set(json.keys)
    #expect(keys == ["verdict", "rows", "classes", "curve", "data", "next", "notes"])
    let conclusion = try #require(json["verdict"] as? [String: Any])
    #expect(conclusion["best"] as? String == "transfer")
    #expect(conclusion["indistinguishable"] as? [String] == [])
    #expect(conclusion["tooLittle"] as? [String] == verdict.tooLittle)
    #expect(conclusion["groups"] as? [[String]] == [["transfer"], ["b1"]])
    let rows = try #require(json["rows"] as? [[String: Any]])
    #expect(rows.map { $0["method"] as? String } == ["transfer", "b1"])
    let score = try #require((rows[0]["scores"] as? [String: [String: Any]])?["f1-macro-both"])
    let value = try #require(score["value"] as? Double)
    #expect(abs(value - (verdict.best?.score ?? 0)) < 1e-12)
    #expect((score["interval"] as? [Double])?.count == 2)
    let test = try #require(rows[1]["versusBest"] as? [String: Any])
    let corrected = try #require(test["corrected"] as? Double)
    #expect(abs(corrected - (verdict.rows[1].versusBest?.corrected ?? 0)) < 1e-12)
    let next = try #require(json["next"] as? [[String: String]])
    #expect(next[0]["command"] == "scant predict runs/transfer NEW-FOLDER --format audacity")
    #expect(next.last?["command"] == "scant open 'my sounds'")
    #expect((json["classes"] as? [[String: Any]])?.count == 3)
    #expect(try verdict.json() == data, "two encodings differ")
  }
}
