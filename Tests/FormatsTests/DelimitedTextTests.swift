// Tables as spreadsheets, Excel and hand editing leave them.
import Formats
import Foundation
import TestSupport
import Testing

struct DelimitedTextTests {
  private func parse(
    _ text: String, separator: Character = ",", hasHeader: Bool = true
  ) throws -> DelimitedText {
    try DelimitedText(text, file: "t.csv", separator: separator, hasHeader: hasHeader)
  }

  private func message(_ text: String) -> String? {
    do {
      _ = try parse(text)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: ["\n", "\r\n"])
  func headerRowsAndLines(_ end: String) throws {
    let table = try parse(["a,b", "1,2", "", "3,", "4,5"].joined(separator: end) + end)
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["1", "2"], ["3", ""], ["4", "5"]])
    #expect(table.rows.map(\.line) == [2, 4, 5])
    #expect(try table.column("b") == 1)
  }

  @Test func lastLineNeedsNoLineBreak() throws {
    #expect(try parse("a,b\n1,2").rows.map(\.fields) == [["1", "2"]])
    #expect(try parse("a,b\n1,").rows.map(\.fields) == [["1", ""]])
    #expect(try parse("a,b").rows.isEmpty)
  }

  @Test func quotes() throws {
    let table = try parse(
      "name,text\n\"x, y\",\"he said \"\"no\"\"\"\n\"two\nlines\",z\nlast,\"\"\n")
    #expect(
      table.rows.map(\.fields) == [
        ["x, y", "he said \"no\""], ["two\nlines", "z"], ["last", ""],
      ])
    #expect(table.rows.map(\.line) == [2, 3, 5])
    #expect(try parse("a,b\n5\" disk,c\n").rows[0].fields == ["5\" disk", "c"])
  }

  @Test func byteOrderMarkTabsAndNoHeader() throws {
    #expect(try parse("\u{feff}a,b\n").header == ["a", "b"])
    let table = try parse("x y\t1\n", separator: "\t", hasHeader: false)
    #expect(table.header.isEmpty)
    #expect(table.rows.map(\.fields) == [["x y", "1"]])
    #expect(try parse("", hasHeader: false).rows.isEmpty)
  }

  @Test func errorsNameTheLine() throws {
    #expect(
      message("a,b\n1,2\n3\n") == "t.csv:3: 1 fields; expected 2 as in the first row")
    #expect(message("a,b\n\n\"1,2\n3,4\n") == "t.csv:3: quote never closed; expected another \"")
    #expect(
      message("a,b\n\"1\"x,2\n") == "t.csv:2: text after a closing quote; expected a separator")
    #expect(message("") == "t.csv:1: no header; expected column names")
    let table = try parse("a,b\n")
    let error = #expect(throws: Problem.self) { try table.column("c") }
    #expect(error?.description == "t.csv:1: no column c among a, b; expected one")
  }

  @Test func filesAreReadAndNamed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.csv")
      try Data("a\nx\n".utf8).write(to: url)
      #expect(try DelimitedText.read(url).rows.map(\.fields) == [["x"]])
      try Data([0x61, 0x0a, 0x62, 0x0a, 0xff, 0x0a]).write(to: url)
      var error = #expect(throws: Problem.self) { try DelimitedText.read(url) }
      #expect(error?.description == "\(url.path):3: not UTF-8; expected UTF-8 text")
      error = #expect(throws: Problem.self) { try DelimitedText.read(folder) }
      #expect(error?.message == "not a regular file; expected a file")
    }
  }

  @Test func rowsOneByOneOfAnyWidth() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.tsv")
      try Data("\u{FEFF}a\tb\r\n\n1\t\"x\ty\"\t3\n\r\nlast".utf8).write(to: url)
      var rows = try DelimitedRows(url, separator: "\t")
      var found: [(line: Int, fields: [String])] = []
      while let row = try rows.next() { found.append(row) }
      #expect(found.map(\.fields) == [["a", "b"], ["1", "x\ty", "3"], ["last"]])
      #expect(found.map(\.line) == [1, 3, 5])
      #expect(rows.form.hasMark && rows.form.quotes == 1)
      #expect(rows.form.carriageReturns == 2 && rows.form.newlines == 2)
      #expect(throws: Problem.self) {
        try DelimitedRows(folder.appendingPathComponent("absent.csv"))
      }
    }
  }

  @Test func unclosedQuoteIsReportedWithItsLine() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("t.csv")
      try Data("a\n\"b".utf8).write(to: url)
      var rows = try DelimitedRows(url)
      #expect(try rows.next()?.fields == ["a"])
      do {
        _ = try rows.next()
        Issue.record("an open quote was read")
      } catch {
        #expect("\(error)".hasSuffix("t.csv:2: quote never closed; expected another \""))
      }
    }
  }
}
