// The page of a comparison: whole, self-contained, and with the numbers of its verdict.
import Foundation
import Lab
import Metrics
import Report
import Testing

@Suite struct ComparisonReportTests {
  private func rows() throws -> [OutOfFoldPredictions] {
    let clips = (0..<40).map { "clip<\($0)>" }
    let targets = clips.indices.flatMap { [Float($0 % 2), Float($0 / 2 % 2)] }
    func row(_ name: String, wrongEvery n: Int) throws -> OutOfFoldPredictions {
      let scores = targets.enumerated().map { $0 % n == 0 ? 1 - $1 : $1 }
      return OutOfFoldPredictions(
        name: name, title: "\(name) & co", clips: clips, groups: clips,
        labelled: try LabelledScores(
          scores: scores, targets: targets, observed: targets.map { _ in true }, classes: 2,
          isSingleLabel: false), seconds: 3)
    }
    return [try row("b1", wrongEvery: 3), try row("transfer", wrongEvery: 10)]
  }

  private func page() throws -> (ReportPage, Verdict) {
    let facts = ComparisonFacts(
      name: "my <sounds>", files: 40, clips: 40, groups: 40, observed: 1, seconds: 120,
      foldsTested: 5, folds: 5, problems: ["a.wav: cannot be read"])
    let verdict = try Verdict(
      Comparison(classes: ["flute", "\u{1B}oboe"], rows: try rows(), curve: [], facts: facts))
    let session = Session(
      name: "compare-x", title: "x", folder: URL(fileURLWithPath: "/nowhere"), runs: [])
    let options = ReportOptions(maker: .init(build: "0.0", date: "2026-01-01"))
    let report = ComparisonReport(verdict, session, RunExecutor(), options)
    return (try report.page(), verdict)
  }

  @Test func numbersAreThoseOfTheVerdict() throws {
    let (page, verdict) = try page()
    let html = page.html
    #expect(verdict.rows.count == 2)
    for row in verdict.rows {
      #expect(html.contains("<th scope=\"row\">\(row.name) &amp; co</th>"))
      #expect(html.contains("<td class=\"number\">\(String(format: "%.3f", row.score))</td>"))
    }
    #expect(html.contains("Which method fits my &lt;sounds&gt;"))
    #expect(html.contains("<li>a.wav: cannot be read</li>"))
    #expect(page.figures.map(\.id) == ["method-scores", "class-scores"])
  }

  @Test func pageIsWellFormedAndSelfContained() throws {
    let html = try page().0.html
    #expect(!html.contains("\u{1B}") && html.contains("\u{FFFD}oboe"))
    #expect(!html.contains("<script") && !html.contains("http"))
    #expect(Page(html).problems.isEmpty, "\(Page(html).problems)")
    // The check can fail.
    #expect(!Page("<p><b></p></b>").problems.isEmpty)
    #expect(!Page("<a href=\"#x\"></a>").problems.isEmpty)
  }

  @Test func figureIsAFileOfItsOwn() throws {
    let figure = try #require(try page().0.figures.first)
    #expect(figure.file.hasPrefix("<?xml"))
    #expect(figure.file.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    // Converters of SVG do not know variables.
    #expect(!figure.file.contains("var(") && figure.file.contains("fill:#0063a6"))
    #expect(figure.file.contains("<style>") && Page(figure.file).problems.isEmpty)
  }
}

/// Reads tags as an XML parser does.
struct Page {
  private(set) var problems: [String] = []

  init(_ text: String) {
    var open: [Substring] = [], ids: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-z0-9]+)((?:\s[^<>]*?)?)(\/?)>/) {
      let (_, closes, name, attributes, isEmpty) = match.output
      ids += attributes.matches(of: /\sid="([^"]*)"/).map(\.output.1)
      if !isEmpty.isEmpty { continue }
      if closes.isEmpty {
        open.append(name)
      } else if open.popLast() != name {
        problems.append("</\(name)> closes another element")
      }
    }
    if !open.isEmpty { problems.append("never closed: \(open)") }
    if Set(ids).count < ids.count { problems.append("an id occurs twice") }
    let targets =
      text.matches(of: /href="#([^"]*)"/).map(\.output.1)
      + text.matches(of: /aria-labelledby="([^"]*)"/).flatMap { $0.output.1.split(separator: " ") }
    for target in targets where !ids.contains(target) { problems.append("no element #\(target)") }
  }
}
