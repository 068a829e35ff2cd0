/// `scant bench`: the line that other programs read.
import Foundation
import Testing

@Suite struct BenchTests {
  let scant: Program
  init() throws { scant = try Program() }

  @Test func lastLineHasTheFigures() throws {
    let outcome = try scant(
      "bench", "train", "--workload", "attention", "--seconds", "0.01", "--json")
    #expect(outcome.status == 0 && outcome.err.isEmpty, "\(outcome.err)")
    let figures = try #require(try outcome.jsonLines().last)
    #expect(figures["workload"] as? String == "attention")
    #expect(figures["precision"] as? String == "fp32" && figures["threads"] as? Int == 2)
    let median = try #require(figures["median_ms"] as? Double)
    #expect(median > 0 && figures["min_ms"] as? Double ?? .infinity <= median)
    #expect(figures["n"] as? Int ?? 0 >= 3 && figures["items_per_s"] as? Double ?? 0 > 0)
    #expect(figures["peak_rss_mib"] as? Double ?? 0 > 1)
  }

  @Test func withoutJSONTheOutputIsReadable() throws {
    let outcome = try scant("bench", "logmel", "--seconds", "0.01")
    #expect(outcome.status == 0 && outcome.out.hasPrefix("logmel, fp32, 1 thread: median "))
  }

  @Test func unknownWorkloadsListTheChoices() throws {
    let outcome = try scant("bench", "train", "--workload", "vgg")
    #expect(outcome.status == 64 && outcome.err.contains("cnn, "), "\(outcome.err)")
  }

  @Test func theScreenIsMeasuredAgainstItsGoals() throws {
    let outcome = try scant("bench", "ui", "--only", "G13", "--json")
    #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.err)")
    let report = try #require(try outcome.jsonLines().last)
    let goals = try #require(report["goals"] as? [[String: Any]])
    #expect(goals.map { $0["id"] as? String } == ["G13"] && goals[0]["met"] as? Bool == true)
    #expect(goals[0]["value"] as? Double ?? 0 > 0 && report["workload"] as? String == "ui")
    let unknown = try scant("bench", "ui", "--only", "G99")
    #expect(unknown.status == 64 && unknown.err.contains("G19"))
  }
}
