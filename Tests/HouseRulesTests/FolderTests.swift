// The folders of Lab are layers: a file names types of its own folder and of those below it.
import Testing

@Suite struct FolderTests {
  /// Each folder with those whose types it may name.
  private static let allowed: [String: Set<String>] = [
    "Recipes": [],
    "Events": ["Recipes"],
    "Training": ["Recipes", "Events"],
    "Results": ["Recipes", "Events"],
    "Watching": ["Recipes", "Events", "Results"],
    "Comparison": ["Recipes", "Events", "Results", "Training"],
    "Engine": ["Recipes", "Events", "Training", "Results", "Watching", "Comparison"],
  ]

  private let files = SourceTree.files(under: "Sources/Lab")

  private func folder(_ file: SourceFile) -> String {
    let parts = file.path.split(separator: "/").map(String.init)
    return parts.count == 4 ? parts[2] : ""
  }

  /// Types that other files can name: declared at the margin, and neither private nor fileprivate.
  private func types(_ file: SourceFile) -> Set<String> {
    let declaration =
      /^(?:public |package |final |indirect )*(?:struct|class|enum|protocol|typealias) (?<name>\w+)/
    return Set(file.lines.compactMap { $0.firstMatch(of: declaration).map { String($0.name) } })
  }

  /// Capitalised words outside comments and string literals.
  private func names(_ file: SourceFile) -> Set<String> {
    let words = file.lines.flatMap { line in
      let code = line.replacing(/"(?:\\.|[^"\\])*"/, with: "").replacing(/\/\/.*/, with: "")
      return code.matches(of: /\b[A-Z]\w+/).map { String($0.output) }
    }
    return Set(words)
  }

  @Test func everyFileIsInAFolder() {
    #expect(files.count > 60)
    for file in files {
      #expect(Self.allowed[folder(file)] != nil, "\(file.path) lies in none of Lab's folders")
    }
  }

  @Test(arguments: allowed.keys.sorted()) func foldersUseOnlyLowerFolders(_ own: String) {
    let hidden = Set(Self.allowed.keys).subtracting(Self.allowed[own] ?? []).subtracting([own])
    let strangers = files.filter { hidden.contains(folder($0)) }
      .reduce(into: Set<String>()) { $0.formUnion(types($1)) }
    #expect(own == "Engine" || strangers.count > 10)
    for file in files where folder(file) == own {
      let found = names(file).intersection(strangers)
      #expect(found.isEmpty, "\(file.path) names \(found.sorted()); \(own) may not")
    }
  }
}
