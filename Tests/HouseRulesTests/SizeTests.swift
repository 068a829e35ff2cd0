// Sizes and forms that keep a file readable in one sitting.
import Foundation
import Testing

@Test func sourceFilesStayShort() {
  for file in SourceTree.code {
    #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines; 400 at most")
  }
  for file in SourceTree.files(under: "Tests") {
    #expect(file.lines.count <= 601, "\(file.path) has \(file.lines.count) lines; 600 at most")
  }
}

@Test func linesFitInAHundredColumns() {
  for file in SourceTree.code {
    for (number, line) in file.lines.enumerated() where line.count > 100 {
      Issue.record("\(file.path):\(number + 1) has \(line.count) columns; 100 at most")
    }
  }
}

@Test func everySourceFileHasAHeadline() {
  for file in SourceTree.code {
    let head = file.lines.prefix(12).contains { $0.hasPrefix("//") }
    #expect(head, "\(file.path) does not open with a sentence on what it is")
  }
}

@Test func nothingTrapsOnDataFromOutside() {
  let words = ["try!", "as! ", "fatalError(", "preconditionFailure(", "TODO", "FIXME"]
  for file in SourceTree.code {
    for (number, line) in file.lines.enumerated() {
      let code = line.trimmingCharacters(in: .whitespaces)
      for word in words where code.contains(word) && !code.hasPrefix("///") {
        Issue.record("\(file.path):\(number + 1) contains '\(word)'")
      }
    }
  }
}

@Test func everyUncheckedSendableHasAReason() {
  let marks = ["@unchecked Sendable", "nonisolated(unsafe)"]
  for file in SourceTree.code {
    for (number, line) in file.lines.enumerated()
    where marks.contains(where: line.contains) && !line.contains("//") {
      let before = file.lines[max(0, number - 6)..<number]
      let after = file.lines[min(number + 1, file.lines.count)..<min(number + 3, file.lines.count)]
      let reasoned = (before + after).contains { $0.contains("//") }
      #expect(reasoned, "\(file.path):\(number + 1) gives no reason")
    }
  }
}
