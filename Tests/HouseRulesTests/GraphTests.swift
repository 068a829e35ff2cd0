// The import graph: every target declares what it imports, and the two halves of the program meet
// in `Panes` and above alone.
import Testing

/// Modules that come with the toolchain.
private let toolchain: Set<String> = [
  "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization", "Testing",
]

/// The half that draws; it knows nothing of the half that learns.
private let drawing: Set<String> = ["Canvas", "Output", "Terminal"]
/// Where the halves meet.
private let meeting: Set<String> = ["Panes", "scant", "scant-bench"]
/// Tools that know nothing of either half.
private let shared: Set<String> = ["Formats", "CZip", "PlainYAML", "TestSupport"]

private func importedModule(_ line: String) -> String? {
  let words = line.split(separator: " ")
  guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count,
    at == 0 || words[0].hasPrefix("@") || words[0] == "public" || words[0] == "package"
  else { return nil }
  return words.last.map { String($0.split(separator: ".")[0]) }
}

@Suite struct GraphTests {
  private let targets: [PackageDescription.Target]

  init() throws { targets = try PackageDescription.load().targets }

  private func imports(_ target: PackageDescription.Target) -> Set<String> {
    let files = SourceTree.files(under: target.folder)
    return Set(files.flatMap { $0.lines.compactMap(importedModule) }).subtracting(toolchain)
  }

  @Test func everyTargetDeclaresWhatItImports() {
    let swift = targets.filter { !SourceTree.files(under: $0.folder).isEmpty }
    #expect(swift.count > 20, "the reader of the manifest found too few targets: \(swift.count)")
    for target in swift {
      let undeclared = imports(target).subtracting(target.declared)
      #expect(undeclared.isEmpty, "\(target.name) imports \(undeclared.sorted()), undeclared")
    }
  }

  /// A test target may depend on an executable it only runs, and on TestSupport like its siblings.
  @Test func everyTargetImportsWhatItDeclares() {
    for target in targets where !SourceTree.files(under: target.folder).isEmpty {
      let unused = target.declared.subtracting(imports(target))
        .subtracting(target.type == "test" ? ["TestSupport", "scant", "scant-bench"] : [])
      #expect(unused.isEmpty, "\(target.name) declares \(unused.sorted()) and never imports it")
    }
  }

  @Test func onlyPanesAndAboveJoinTheHalves() {
    let learning = Set(
      targets.filter { $0.type == "regular" }.map(\.name)
    ).subtracting(drawing).subtracting(meeting).subtracting(shared)
    for target in targets where drawing.contains(target.name) {
      #expect(target.declared.isDisjoint(with: learning), "\(target.name) knows \(learning)")
    }
    for target in targets where learning.contains(target.name) {
      #expect(
        target.declared.isDisjoint(with: drawing.union(meeting)),
        "\(target.name) knows the screen")
    }
  }

  @Test(arguments: [
    ("ArgumentParser", ["scant", "scant-bench", "Output"]),
    ("Yams", ["Lab", "Canvas", "PlainYAML"]),
  ])
  func librariesAreUsedByTheirOwners(module: String, owners: [String]) {
    let users = targets.filter { $0.declared.contains(module) }.map(\.name)
    #expect(Set(users) == Set(owners))
  }

  @Test func importParserKnowsAllForms() {
    #expect(importedModule("import Canvas") == "Canvas")
    #expect(importedModule("@preconcurrency import CNcurses") == "CNcurses")
    #expect(importedModule("import struct Foundation.Data") == "Foundation")
    #expect(importedModule("// we import Canvas") == nil)
  }
}
