import PlainYAML

/// What is wrong with a recipe or a session, and where.
public struct RecipeError: Error, Sendable, Equatable, CustomStringConvertible {
  public var file: String?
  public var line: Int?
  public var key: String?
  /// "what is wrong; what was expected".
  public var message: String

  public init(file: String? = nil, line: Int? = nil, key: String? = nil, message: String) {
    self.file = file
    self.line = line
    self.key = key
    self.message = message
  }

  /// `FILE:LINE: key: what is wrong; what was expected`.
  public var description: String {
    let place = [file, line.map(String.init)].compactMap { $0 }.joined(separator: ":")
    let parts = [place.isEmpty ? nil : place, key, message].compactMap { $0 }
    // Keys, values and names of files may hold line breaks.
    return OneLine.text(parts.joined(separator: ": "))
  }

  func at(_ file: String, _ line: Int?) -> RecipeError {
    RecipeError(file: self.file ?? file, line: self.line ?? line, key: key, message: message)
  }

  /// "unknown key; did you mean 'epochs'?", or the keys there are.
  static func unknown(_ what: String, _ name: String, among known: [String]) -> String {
    let nearest = known.map { (distance(name, $0), $0) }.min { $0.0 < $1.0 }
    if let nearest, nearest.0 <= max(2, name.count / 3) {
      return "unknown \(what); did you mean '\(nearest.1)'?"
    }
    return "unknown \(what); expected one of \(known.joined(separator: ", "))"
  }
}

/// Edit distance (Levenshtein 1966) by rows.
private func distance(_ a: String, _ b: String) -> Int {
  let b = Array(b.lowercased())
  var row = Array(0...b.count)
  for (i, letter) in a.lowercased().prefix(100).enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substituted = diagonal + (letter == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
