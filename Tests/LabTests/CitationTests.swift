// The papers of the cards as BibTeX, and tables as LaTeX.
import Datasets
import Formats
import Foundation
import Lab
import Methods
import Models
import Testing

@Suite struct CitationTests {
  @Test func aCardsTextIsTakenApart() throws {
    let found = Citation.all(
      in: "Gong, Chung & Glass 2021, arXiv:2104.01778; split: Won et al. 2020; Lee 2013, ICML; "
        + "Documentation/Extractors.md")
    #expect(found.map(\.authors) == [["Gong", "Chung", "Glass"], ["Won"], ["Lee"]])
    #expect(found.map(\.hasMore) == [false, true, false])
    #expect(found.map(\.year) == [2021, 2020, 2013])
    #expect(found.map(\.source) == ["arXiv:2104.01778", "", "ICML"])
    #expect(found.map(\.key) == ["gong2021", "won2020", "lee2013"])
    let first = try #require(found.first)
    #expect(
      first.bibTeX(key: "k") == """
        @misc{k,
          author = {Gong and Chung and Glass},
          title = {{AST: Audio Spectrogram Transformer}},
          year = {2021},
          eprint = {2104.01778},
          archiveprefix = {arXiv}
        }

        """)
  }

  /// A card with a paper gives an entry, and one with an arXiv identifier a title.
  @Test func everyPaperOfACardIsUnderstood() {
    let papers =
      MethodCatalog.all.map { $0.card.paper } + ModelCatalog.all.map { $0.card.paper }
      + DatasetCatalog.cards.map(\.paper) + ExtractorCatalog.all.map { $0.card.paper }
    for paper in Set(papers) where !paper.isEmpty && !paper.hasPrefix("Documentation/") {
      let found = Citation.all(in: paper)
      #expect(found.count == paper.split(separator: ";").count, "\(paper)")
      for citation in found {
        #expect(citation.authors.allSatisfy { $0.count > 1 }, "\(paper)")
        #expect(!citation.key.isEmpty && (1900...2100).contains(citation.year), "\(paper)")
      }
    }
  }

  @Test func extractorsAreCited() throws {
    let recipe = try Recipe().setting("model.id", to: "pretrained")
      .setting("model.network", to: "yamnet")
    let text = RunCitations(recipe).bibTeX
    #expect(text.contains("% extractor yamnet\n@misc{howard2017,"))
    #expect(text.contains("% no paper: "))
  }

  @Test func latexEscapesWhatWouldBeACommand() {
    #expect(
      LaTeXText.escaped("a_b & 50 % of {x}\n\\cmd #1 ~^$")
        == "a\\_b \\& 50 \\% of \\{x\\} \\textbackslash{}cmd \\#1 "
        + "\\textasciitilde{}\\textasciicircum{}\\$")
  }

  @Test func aTableIsLaTeX() throws {
    let session = try Session(
      yaml: "title: Two & two\nmethods: [b0, b1]\nseeds: [0, 1]\n"
        + "table: { columns: [ap-macro] }\n",
      file: "s", folder: URL(fileURLWithPath: "/s/two"))
    func result(_ method: String, _ seed: Int, _ ap: Double) -> RunResult {
      RunResult(json: [
        "method": method, "model": "cnn", "seed": seed, "sweep": [String: Int](),
        "evaluations": [
          "student": EvalEnd(json: [
            "split": "test", "model": "student", "seconds": 1, "metrics": ["ap-macro": ap],
            "perClass": [String](), "scored": 4, "entries": 5,
          ])
        ], "trainableParameters": 9, "seconds": 10, "fold": "", "lostClips": 0,
      ])
    }
    let table = ResultsTable(
      session,
      results: [result("b0", 0, 0.5), result("b1", 0, 0.625), result("b0", 1, 0.75), nil])
    // Half of Student's interval: 12.706 · 0.177 / √2.
    #expect(
      table.latex().hasPrefix(
        """
        % \\usepackage{booktabs}
        \\begin{tabular}{lrr}
        \\toprule
        method & runs & ap-macro \\\\
        \\midrule
        b0 & 2 & $0.625 \\pm 1.588$ \\\\
        b1 & 1 & $0.625$ \\\\
        \\bottomrule
        \\end{tabular}
        % Two & two: test scores, mean and 95 % interval over runs (Student's t).

        """), "\(table.latex())")
  }
}
