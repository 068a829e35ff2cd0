// `scant report`: the page of a run and of a session has their numbers, and refuses what it cannot
// show.
import Foundation
import Testing

@Suite struct ReportTests {
  private let scant: Program

  init() throws {
    scant = try Program()
    try scant.writeTones(session: "s", methods: "b0, b1", training: "epochs: 2, batch: 8")
    let trained = try scant("run", "s")
    try #require(trained.status == 0, "\(trained.err)")
  }

  private func html(_ path: String) throws -> String {
    try String(contentsOf: scant.url(path), encoding: .utf8)
  }

  @Test func sessionHasTheNumbersOfItsTable() throws {
    let made = try scant("report", "s", "--clips", "2", "--with-audio", "--out", "page.html")
    #expect(made.status == 0 && made.complaints.isEmpty, "\(made.err)")
    let page = try html("page.html")
    let table = try #require(try scant("table", "s", "--format", "json").json() as? [String: Any])
    for row in try #require(table["rows"] as? [[String: Any]]) {
      let cells = try #require(row["scores"] as? [String: [String: Any]])
      let mean = try #require(cells["f1-macro-both"]?["mean"] as? Double)
      #expect(page.contains("<td class=\"number\">\(String(format: "%.3f", mean))"))
      let name = try #require(row["name"] as? String)
      #expect(page.contains("<th scope=\"row\">\(name)</th>"))
    }
    for part in ["validation", "class-scores", "label-counts"] {
      #expect(page.contains("<figure id=\"\(part)\">"))
    }
    #expect(page.matches(of: /<article class="clip">/).count == 2)
    #expect(page.matches(of: #/<audio /#).count == 2)
    #expect(page.matches(of: /data:image\/png;base64,iVBOR/).count == 2)
    #expect(!page.contains("<script") && !page.contains("src=\"http"))
  }

  @Test func runHasItsTest() throws {
    let run = "s/runs/b1-s0"
    let made = try scant("report", run, "--out", "-")
    #expect(made.status == 0, "\(made.err)")
    let scores = try #require(
      try scant("evaluate", run, "--draws", "0", "--json").json() as? [String: Any])
    let models = try #require(scores["models"] as? [String: [String: Any]])
    let metrics = try #require(models["student"]?["metrics"] as? [String: Double])
    for (id, value) in metrics {
      #expect(made.out.contains("<th scope=\"row\">\(id)</th>"), "\(id)")
      #expect(made.out.contains(String(format: "%.3f", value)), "\(id)")
    }
    #expect(made.out.contains("<figure id=\"loss\">"))
  }

  @Test func figureAloneIsSVG() throws {
    let made = try scant("report", "s", "--figure", "class-scores", "--out", "f.svg")
    #expect(made.status == 0, "\(made.err)")
    #expect(try html("f.svg").hasPrefix("<?xml"))
    let wrong = try scant("report", "s", "--figure", "nothing", "--out", "g.svg")
    #expect(wrong.status == 1)
    #expect(wrong.complaints.first?.contains("expected one of validation") == true)
    #expect(!FileManager.default.fileExists(atPath: scant.url("g.svg").path))
  }

  /// What cannot be read is said on the page and on the terminal; the rest is there.
  @Test func lostSoundsAreSaid() throws {
    try FileManager.default.removeItem(at: scant.url("tones"))
    let made = try scant("report", "s", "--out", "page.html")
    #expect(made.status == 0)
    #expect(made.complaints.contains { $0.contains("not shown: Labels: ") })
    #expect(try html("page.html").contains("<h2 id=\"not-shown-head\">Not shown</h2>"))
  }

  @Test func sessionWithoutRunsIsRefused() throws {
    try scant.writeTones(session: "new")
    let made = try scant("report", "new", "--out", "page.html")
    #expect(made.status == 1)
    #expect(made.complaints.first?.contains("no finished run; expected one or more") == true)
  }
}
