// The papers of what a run uses: its method, its model, its data set and the extractors it names.
import Datasets
import Foundation
import Methods
import Models

/// What a run uses that has a paper, and the papers as BibTeX.
public struct RunCitations: Sendable, Equatable {
  /// `method mean-teacher` and the text of its card; empty where the card names none.
  public let parts: [(what: String, paper: String)]

  public init(_ recipe: Recipe) {
    guard recipe.outside == nil else {
      parts = []
      return
    }
    var parts = [
      ("method \(recipe.method)", MethodCatalog.find(recipe.method)?.card.paper ?? ""),
      ("model \(recipe.model)", ModelCatalog.find(recipe.model)?.card.paper ?? ""),
      ("data set \(recipe.dataset)", DatasetCatalog.find(recipe.dataset)?.card.paper ?? ""),
    ]
    for id in Self.extractors(recipe) {
      parts.append(("extractor \(id)", ExtractorCatalog.find(id)?.card.paper ?? ""))
    }
    self.parts = parts
  }

  /// The extractors that settings of the method or the model name.
  static func extractors(_ recipe: Recipe) -> [String] {
    let named = recipe.fields.filter { $0.key.hasPrefix("method.") || $0.key.hasPrefix("model.") }
    let known = named.map(\.value).filter { ExtractorCatalog.find($0) != nil }
    return Set(known).sorted()
  }

  public static func == (a: RunCitations, b: RunCitations) -> Bool {
    a.parts.elementsEqual(b.parts) { $0.what == $1.what && $0.paper == $1.paper }
  }

  /// An entry for Scant and one for each paper, with a comment that says what it is for. Parts
  /// without a paper are named in a comment.
  public var bibTeX: String {
    var entries: [(citation: Citation, uses: [String])] = []
    for (what, paper) in parts {
      for citation in Citation.all(in: paper) {
        if let place = entries.firstIndex(where: { $0.citation == citation }) {
          entries[place].uses.append(what)
        } else {
          entries.append((citation, [what]))
        }
      }
    }
    var taken: [String: Int] = [:]
    let texts = entries.map { citation, uses in
      let count = taken[citation.key, default: 0]
      taken[citation.key] = count + 1
      // `lerch2021`, `lerch2021b`, …
      let letter = count == 0 ? "" : String(UnicodeScalar(UInt8(97 + min(count, 25))))
      return "% \(uses.joined(separator: ", "))\n" + citation.bibTeX(key: citation.key + letter)
    }
    let without = parts.filter { Citation.all(in: $0.paper).isEmpty }.map(\.what)
    let note = without.isEmpty ? [] : ["% no paper: \(without.joined(separator: ", "))\n"]
    return ([Self.scant] + texts + note).joined(separator: "\n")
  }

  private static let scant = """
    @software{scant,
      author = {{The Scant authors}},
      title = {{Scant: a terminal workbench for audio classification with scarce labels}},
      version = {\(Build.version)}
    }

    """
}
