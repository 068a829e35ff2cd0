// What the pages promise exists, and what exists has a page.
import Foundation
import Methods
import TestSupport
import Testing

private func exists(_ path: String) -> Bool {
  FileManager.default.fileExists(atPath: SharedData.packageRoot.appendingPathComponent(path).path)
}

@Test func everyMethodHasAGuide() {
  for method in MethodCatalog.all {
    #expect(exists("Documentation/Guides/\(method.card.id).md"), "no guide for \(method.card.id)")
  }
}

/// What a guide says where a method is from and where it fails, under the same names everywhere.
@Test(arguments: MethodCatalog.ids)
func everyGuideNamesItsPaperAndWhenItFails(id: String) throws {
  let card = try #require(MethodCatalog.find(id)).card
  let text = SourceTree.text("Documentation/Guides/\(id).md")
  func paragraph(_ names: String...) throws -> String {
    let start = try #require(
      names.lazy.compactMap { text.range(of: "\n**\($0).**") }.first, "no **\(names[0]).**")
    let rest = text[start.upperBound...]
    return String(rest[..<(rest.range(of: "\n\n")?.lowerBound ?? rest.endIndex)])
  }
  let paper = try paragraph("Paper", "Papers")
  #expect(paper.contains(/\b(19|20)\d\d\b/), "no year")
  #expect(paper.contains(/arXiv:\d{4}\.\d{4,5}|doi:10\.\d{4}|https:\/\//), "no arXiv, doi, link")
  let author = card.paper.prefix { $0.isLetter || $0 == "-" }
  #expect(!author.isEmpty && paper.contains(author), "the card names \(author)")
  #expect(try paragraph("When it works").count > 40)
  #expect(try paragraph("When it fails").count > 60)
}

/// Words after `scant ` at the start of a line of a code block.
private func commands(in text: String) -> Set<String> {
  let names = text.split(separator: "\n").compactMap { line -> String? in
    let words = line.split(separator: " ").map(String.init)
    guard words.count > 1, ["scant", "script/run"].contains(words[0]) else { return nil }
    return words[1].allSatisfy { $0.isLowercase } ? words[1] : nil
  }
  return Set(names)
}

@Test func commandsInTheReadmeExist() {
  let declared = SourceTree.files(under: "Sources/scant").flatMap(\.lines).joined(separator: "\n")
  let named = commands(in: SourceTree.text("README.md"))
  #expect(named.count >= 5, "README names too few commands to check: \(named)")
  for name in named {
    #expect(declared.contains("commandName: \"\(name)\""), "README names 'scant \(name)'")
  }
}

@Test(arguments: ["README.md", "CONTRIBUTING.md"]) func filesLinkedFromPagesExist(page: String) {
  let text = SourceTree.text(page)
  let paths = text.matches(of: /\]\((?<path>[A-Za-z][^)#:]*)\)/).map { String($0.path) }
  #expect(paths.count >= 3)
  for path in paths { #expect(exists(path), "\(page) links to \(path)") }
}

@Test func readmeIsShort() {
  let lines = SourceTree.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
  #expect(lines.count > 30 && lines.count <= 151, "\(lines.count) lines")
}

/// The page says where the usual additions go, and the places that it names exist.
@Test func architecturePageSaysWhereAdditionsGo() {
  let page = SourceTree.text("Documentation/Architecture.md")
  let parts = page.components(separatedBy: "\n## Where does it go?\n")
  #expect(parts.count == 2, "no section 'Where does it go?'")
  let section = parts.last?.components(separatedBy: "\n## ").first ?? ""
  let rows = section.split(separator: "\n").filter { $0.hasPrefix("| a") }.map(String.init)
  for thing in ["loss", "recipe key", "event", "column in the run list", "export format"] {
    let row = rows.first { $0.split(separator: "|").first?.contains(thing) == true }
    #expect(row != nil, "no row for a new \(thing)")
  }
  for row in rows {
    let paths = row.matches(of: /`(?<path>(?:Sources|Tests|Documentation)\/[^`]+)`/)
    #expect(!paths.isEmpty, "no place in: \(row)")
    for path in paths { #expect(exists(String(path.path)), "\(path.path) does not exist") }
  }
}

/// Each screen has a picture that a page can show, and the first start a recording.
@Test func everyScreenHasAPicture() {
  let screens = ["data", "method", "train", "clips", "missing", "compare", "sessions"]
  for name in screens + ["train-light", "train-large"] {
    let picture = SourceTree.text("Documentation/Screens/\(name).svg")
    #expect(picture.hasPrefix("<svg "), "\(name): script/frames draws it")
    let most = name == "train-large" ? 220_000 : 120_000
    #expect(picture.utf8.count < most, "\(name): \(picture.utf8.count) bytes")
  }
  let lines = SourceTree.text("Documentation/Screens/first-start.cast").split(separator: "\n")
  #expect(lines.first?.contains("\"version\": 2") == true && lines.count > 20)
  #expect(lines.reduce(0) { $0 + $1.utf8.count + 1 } < 300_000)
}

/// A reader finds an operation's forward and backward pass, and its check, by one name.
@Test func everyOperationHasAGradientCheck() {
  let operations = SourceTree.files(under: "Sources/Autograd/Ops").filter { file in
    file.lines.contains { $0.contains("recorded(") && !$0.contains("func recorded") }
  }
  #expect(operations.count >= 10)
  for operation in operations {
    let name = operation.path.split(separator: "/").last.map { $0.dropLast(6) } ?? ""
    let test = "Tests/AutogradTests/\(name)Tests.swift"
    #expect(exists(test), "\(operation.path) has no \(test)")
    if exists(test) { #expect(SourceTree.text(test).contains("checkGradient"), "\(test)") }
  }
}
