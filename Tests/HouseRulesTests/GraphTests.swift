// The import graph: learning and drawing meet in `Panes` and `scant` alone.
import Testing

/// Which of our targets each target may import. Documentation/Architecture.md draws it.
private let allowed: [String: Set<String>] = [
  "Autograd": ["CKernels", "COpenBLAS"],
  "Layers": ["Autograd"],
  "Acoustics": ["CSndfile", "CFFTW", "CKernels"],
  "Formats": ["CZip"],
  "Datasets": ["Autograd", "Acoustics", "Formats", "CFluidSynth"],
  "Models": ["Autograd", "Layers", "Acoustics", "Formats", "Classics"],
  "Methods": ["Autograd", "Layers", "Acoustics", "Datasets"],
  "Classics": ["Autograd", "CKernels"],
  "Metrics": [],
  "PlainYAML": [],
  "Bench": [
    "Autograd", "Layers", "Acoustics", "Formats", "Models", "Classics", "Metrics",
  ],
  "Lab": [
    "Autograd", "Layers", "Acoustics", "Formats", "Datasets", "Models", "Methods", "Metrics",
    "PlainYAML",
  ],
  "Canvas": ["PlainYAML"],
  "Terminal": ["Canvas", "CNcurses"],
  "Panes": ["Canvas", "Lab", "Layers"],
  "scant": [
    "Terminal", "Panes", "Canvas", "Lab", "Datasets", "Models", "Methods", "Metrics", "Formats",
    "Acoustics", "Autograd", "Layers", "Bench",
  ],
]

private let ours = Set(allowed.keys).union([
  "CKernels", "COpenBLAS", "CSndfile", "CFFTW", "CFluidSynth", "CNcurses", "CZip",
])

private func importedModule(_ line: String) -> String? {
  let words = line.split(separator: " ")
  guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count,
    at == 0 || words[0].hasPrefix("@") || words[0] == "public" || words[0] == "package"
  else { return nil }
  return words.last.map { String($0.split(separator: ".")[0]) }
}

@Test func everyImportFollowsTheGraph() {
  var seen = 0
  for file in SourceTree.files(under: "Sources") {
    for module in file.lines.compactMap(importedModule) where ours.contains(module) {
      seen += 1
      #expect(
        allowed[file.target]?.contains(module) == true, "\(file.path) imports \(module)")
    }
  }
  #expect(seen > 20, "the reader of imports found too few of them: \(seen)")
}

@Test(arguments: [("ArgumentParser", ["scant"]), ("Yams", ["PlainYAML", "Lab", "Canvas"])])
func librariesStayWhereTheyBelong(module: String, targets: [String]) {
  for file in SourceTree.files(under: "Sources")
  where file.lines.contains(where: { importedModule($0) == module }) {
    #expect(targets.contains(file.target), "\(file.path) imports \(module)")
  }
}

@Test func theReaderOfImportsKnowsTheForms() {
  #expect(importedModule("import Canvas") == "Canvas")
  #expect(importedModule("@preconcurrency import CNcurses") == "CNcurses")
  #expect(importedModule("import struct Foundation.Data") == "Foundation")
  #expect(importedModule("// we import Canvas") == nil)
}
