// Which of AudioSet's class names mean the same as a class of one's own, by their words.
import Foundation

/// How a tag's name fits the name of a class, the best first.
package enum TagMatch: String, Sendable, CaseIterable {
  /// The same words, such as `drums` and "Drum".
  case same = "same name"
  /// It ends with the class, such as "Acoustic guitar" for `guitar`.
  case narrower
  /// It is a part of the class, such as "Waves" for `sea_waves`.
  case part = "part of the name"
  /// It has the class's words elsewhere, such as "Bass drum" for `bass`: often another sound.
  case contains = "contains the name"
}

/// Words of a name in a form that singular and plural, and "crying" and "cry", share.
package struct TagNames {
  private let stems: [String]
  /// Each of the names that a tag lists: "Violin, fiddle" has two.
  private let aliases: [[String]]
  /// With what stands in brackets.
  private let all: Set<String>

  package init(_ name: String) {
    stems = Self.stems(name)
    let plain = name.replacing(/\([^)]*\)/, with: " ")
    aliases = plain.split(separator: ",").map { Self.stems(String($0)) }
    all = Set(stems)
  }

  /// How `tag` fits this class; nil: not at all.
  package func match(_ tag: TagNames) -> TagMatch? {
    let wanted = Set(stems)
    guard !wanted.isEmpty else { return nil }
    if tag.aliases.contains(where: { Set($0) == wanted }) { return .same }
    if tag.aliases.contains(where: { $0.suffix(stems.count) == stems[...] && !$0.contains("and") })
    {
      return .narrower
    }
    if tag.all.isSuperset(of: wanted) { return .contains }
    let isPart = tag.aliases.contains { !$0.isEmpty && wanted.isSuperset(of: $0) }
    return isPart ? .part : nil
  }

  private static func stems(_ name: String) -> [String] {
    name.lowercased().split { !$0.isLetter && !$0.isNumber }.map { stem(String($0)) }
  }

  /// Without the endings -s, -es, -ies and -ing, a silent e and a doubled consonant before -ing.
  private static func stem(_ word: String) -> String {
    var word = word
    if word.count > 4, word.hasSuffix("ies") {
      word = word.dropLast(3) + "y"
    } else if word.count > 4, ["ches", "shes", "sses", "xes"].contains(where: word.hasSuffix) {
      word.removeLast(2)
    } else if word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss") {
      word.removeLast()
    }
    if word.count > 5, word.hasSuffix("ing") {
      word.removeLast(3)
      let end = word.suffix(2)
      if end.first == end.last, let last = end.last, !"aeiouls".contains(last) { word.removeLast() }
    } else if word.count > 4, word.hasSuffix("e") {
      word.removeLast()
    }
    return word
  }
}
