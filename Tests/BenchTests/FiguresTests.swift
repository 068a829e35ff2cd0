// Medians, memory and the line of JSON.
import Autograd
import Bench
import Foundation
import TestSupport
import Testing

@Suite struct FiguresTests {
  private struct Nothing: Workload {
    static let id = "nothing"
    static let summary = "a repetition that does nothing"
    static let items = 4

    init(_ precision: Precision) {}

    func repetition() {}
  }

  @Test func mediansOfOddAndEvenCounts() {
    #expect(Timing(milliseconds: [3, 1, 2]).median == 2)
    #expect(Timing(milliseconds: [4, 1, 2, 3]).median == 2.5)
    #expect(Timing(milliseconds: [4, 1, 2, 3]).least == 1)
    #expect(Timing(milliseconds: []).median == 0)
  }

  @Test func runsWarmUpsAndAtLeastThreeRepetitions() {
    var calls = 0
    let timing = Timing.measure(seconds: 0) { calls += 1 }
    #expect(timing.repetitions == 3 && calls == 5)
  }

  @Test func reportIsOneLineOfJSON() throws {
    let figures = Figures(
      program: "scant \"1\"", workload: "cnn", precision: .fp32, threads: 2,
      timing: Timing(milliseconds: [200, 210, 220]), items: 32, unit: "clips",
      peakMebibytes: 812.25)
    #expect(!figures.json.contains("\n"))
    let parsed = try JSONSerialization.jsonObject(with: Data(figures.json.utf8))
    let fields = try #require(parsed as? [String: Any])
    #expect(fields["program"] as? String == "scant \"1\"")
    #expect(fields["workload"] as? String == "cnn" && fields["precision"] as? String == "fp32")
    #expect(fields["threads"] as? Int == 2 && fields["n"] as? Int == 3)
    #expect(fields["median_ms"] as? Double == 210 && fields["min_ms"] as? Double == 200)
    #expect(fields["items_per_s"] as? Double == 152.381)
    #expect(
      fields["peak_rss_mib"] as? Double == 812.2 || fields["peak_rss_mib"] as? Double == 812.3)
    #expect(figures.text.contains("median 210.00 ms") && figures.text.contains("clips/s"))
  }

  @Test func peakMemoryIsParsed() {
    #expect(PeakMemory.mebibytes(inStatus: "Name:\tx\nVmHWM:\t  2048 kB\nVmRSS: 1 kB") == 2)
    #expect(PeakMemory.mebibytes(inStatus: "VmRSS: 1 kB") == nil)
    #if os(Linux)
      #expect((PeakMemory.mebibytes ?? 0) > 1)
    #endif
  }

  @Test func aWorkloadIsMeasured() throws {
    let figures = try Figures.measure(Nothing.self, seconds: 0, threads: 1, program: "x")
    #expect(figures.workload == "nothing" && figures.timing.repetitions == 3)
    #expect(figures.items == 4 && figures.threads == 1)
  }

  @Test func workloadIdsAreUnique() {
    let ids = WorkloadCatalog.all.map { $0.id }
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(WorkloadCatalog.find(id)?.id == id) }
    #expect(WorkloadCatalog.find("vgg") == nil)
  }
}

@Suite struct BenchScriptTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: SharedData.packageRoot.appendingPathComponent(path), encoding: .utf8)
  }

  /// The script names every workload, and the page explains it.
  @Test func everyWorkloadIsMeasuredAndDocumented() throws {
    let script = try text("script/bench")
    let list = try #require(script.firstMatch(of: /\nworkloads=\((?<names>[^)]*)\)/)?.names)
    let named = list.split(whereSeparator: \.isWhitespace)
    let page = try text("Documentation/Benchmarks.md")
    for workload in WorkloadCatalog.all {
      #expect(named.contains { $0.split(separator: ":").first ?? "" == workload.id })
      #expect(page.contains("| `\(workload.id)` |"))
    }
  }
}
