// Text for LaTeX.

package enum LaTeXText {
  private static let escapes: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "±": "$\\pm$",
    "½": "$\\frac12$", "≥": "$\\ge$", "≤": "$\\le$", "×": "$\\times$", "·": "$\\cdot$",
  ]

  /// The text with what LaTeX would take as a command escaped, on one line.
  package static func escaped(_ text: String) -> String {
    text.map { $0.isNewline ? " " : escapes[$0] ?? String($0) }.joined()
  }
}
