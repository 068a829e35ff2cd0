// Writing `config.yaml`: only our own top-level keys change; comments and everything else a person
// wrote stay as they are.
import Formats
import Foundation

extension Preferences {
  /// Writes what the program remembers into the file, which appears whole or not at all. Nothing
  /// is written where the file says so already. Throws one line where it is not ours to change.
  public func remember(in url: URL) throws {
    // Read once: what would be written over it is made of the same words.
    var text = try StoredFile.exists(url) ? YAMLDocument.text(of: url) : ""
    let before = Preferences(yaml: text, file: url.path)
    guard !before.isUnreadable, !Preferences(reading: url).isUnreadable else {
      throw LabError("\(before.problems.first ?? url.path); choices are not remembered")
    }
    guard !before.remembers(self) else { return }
    for key in Self.writtenKeys where lines(of: key) != before.lines(of: key) {
      text = Self.replacing(key, by: lines(of: key), in: text)
    }
    let after = Preferences(yaml: text, file: url.path)
    guard after.remembers(self), after.keys.map(\.action) == before.keys.map(\.action) else {
      throw LabError("\(url.path): not in lines of 'key: value'; choices are not remembered")
    }
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    // Through a link, so that a file kept elsewhere stays there.
    try AtomicFile.write(Data(text.utf8), to: url.resolvingSymlinksInPath())
  }

  private func remembers(_ other: Preferences) -> Bool {
    theme == other.theme && glyphs == other.glyphs && color == other.color
      && layout == other.layout
  }

  private func lines(of key: String) -> [String] {
    switch key {
    case "theme": theme.map { ["theme: \(YAMLText.quoted($0))"] } ?? []
    case "glyphs": glyphs.map { ["glyphs: \($0)"] } ?? []
    case "color": color.map { ["color: \(YAMLText.quoted($0))"] } ?? []
    default: layout.lines
    }
  }

  /// `text` with the block of a top-level key replaced, or added at its end.
  static func replacing(_ key: String, by block: [String], in text: String) -> String {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    guard let start = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else {
      return (lines + block).map { $0 + "\n" }.joined()
    }
    let rest = lines[(start + 1)...]
    var end = rest.firstIndex { $0.first.map { !" \t-}]".contains($0) } ?? false } ?? lines.count
    while end > start + 1, lines[end - 1].isEmpty { end -= 1 }
    lines.replaceSubrange(start..<end, with: block)
    return lines.map { $0 + "\n" }.joined()
  }
}

extension Preferences.Layout {
  fileprivate var lines: [String] {
    func shares(_ name: String, _ shares: [String: Int]) -> String? {
      let list = shares.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        .map { "\($0.key): \($0.value)" }
      return list.isEmpty ? nil : "  \(name): { \(list.joined(separator: ", ")) }"
    }
    let inner = [
      screen.map { "  screen: \(YAMLText.quoted($0))" }, shares("widths", widths),
      shares("heights", heights),
      folded.isEmpty ? nil : "  folded: [\(folded.sorted().joined(separator: ", "))]",
    ].compactMap { $0 }
    return inner.isEmpty ? [] : ["layout:"] + inner
  }
}
