// Logs as text tables: Lightning's `metrics.csv`, Keras' CSVLogger, and others of that form.
import Foundation

/// Reads a growing table: a line of names, then a line for each step with a number or nothing in
/// each column.
///
/// The step is the column `step`, else `global_step`, else `epoch`, else the number of the row from
/// 0; an epoch is a curve beside. The separator is that of comma, semicolon and tab which the
/// header has most of. A last line without a line end is not there yet.
package struct LogTableReader: PointReader {
  package private(set) var tags = TagTable()
  private var points: [LoggedPoint] = []
  package private(set) var losses = LogLosses()
  private var header: Header?
  private var row = 0

  /// What the first line says.
  package struct Header: Sendable, Equatable {
    package let names: [String]
    let separator: UInt8
    /// The column of the step; nil without one.
    package let step: Int?

    /// Names that a column of steps has, the one that counts first.
    private static let stepNames = ["step", "global_step", "epoch"]

    /// `line`: without its line end.
    package init(_ line: [UInt8]) {
      let text = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line[3...] : line[...]
      let counts = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].map { separator in
        (separator, text.count { $0 == separator })
      }
      let separator = counts.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
      var names: [String] = []
      text.withUnsafeBytes { bytes in
        LogTableReader.cells(bytes, separator) { names.append(LogTableReader.text($0)) }
      }
      (self.names, self.separator) = (names, separator)
      let lowered = names.map { $0.lowercased() }
      step = Self.stepNames.lazy.compactMap { lowered.firstIndex(of: $0) }.first
    }
  }

  package init() {}

  package mutating func takePoints() -> [LoggedPoint] {
    defer { points = [] }
    return points
  }

  package mutating func take(_ bytes: UnsafeRawBufferPointer, left: Int) -> Taken {
    guard losses.end == nil else { return .over }
    var at = 0
    while let end = Self.lineEnd(bytes, from: at) {
      read(line: UnsafeRawBufferPointer(rebasing: bytes[at..<end]))
      at = end + 1
    }
    if at == 0, bytes.count > GrowingFile.longest {
      losses.end = "row \(row): a line of over \(GrowingFile.longest >> 20) MiB; expected numbers"
      return .over
    }
    return at > 0 ? .bytes(at) : .more
  }

  // MARK: lines

  private mutating func read(line: UnsafeRawBufferPointer) {
    let isReturn = line.last == UInt8(ascii: "\r")
    let line = isReturn ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line
    guard !line.isEmpty else { return }
    guard let header else {
      header = Header(Array(line.prefix(Self.longestHeader)))
      return
    }
    defer { row += 1 }
    guard let step = step(line, header) else {
      losses.damaged += 1
      return
    }
    var column = 0
    Self.cells(line, header.separator) { cell in
      defer { column += 1 }
      guard column < header.names.count else { return }
      if column == header.step, header.names[column] != "epoch" { return }
      add(cell, header.names[column], step)
    }
  }

  private static let longestHeader = 1 << 20

  private mutating func add(_ cell: UnsafeRawBufferPointer, _ name: String, _ step: UInt32) {
    let text = Self.text(cell)
    guard !text.isEmpty else { return }
    guard let value = Float(text) else {
      if text != "None" { losses.others += 1 }
      return
    }
    var name = name
    let place = name.withUTF8 { tags.place(of: UnsafeRawBufferPointer($0)) }
    if let place { points.append(LoggedPoint(tag: place, step: step, value: value, time: .nan)) }
  }

  private func step(_ line: UnsafeRawBufferPointer, _ header: Header) -> UInt32? {
    guard let place = header.step else { return UInt32(exactly: row) }
    var (column, found) = (0, "")
    Self.cells(line, header.separator) { cell in
      if column == place { found = Self.text(cell) }
      column += 1
    }
    return UInt32(found) ?? Double(found).flatMap { UInt32(exactly: $0) }
  }

  // MARK: pieces

  /// The line end at or after `start` that is not in quotes.
  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var (at, quotes) = (start, 0)
    while at < bytes.count {
      guard let found = memchr(base + at, Int32(UInt8(ascii: "\n")), bytes.count - at) else {
        return nil
      }
      let end = UnsafeRawPointer(found) - base
      for place in at..<end where bytes[place] == UInt8(ascii: "\"") { quotes += 1 }
      if quotes.isMultiple(of: 2) { return end }
      at = end + 1
    }
    return nil
  }

  /// Each cell, in order, with its quotes.
  fileprivate static func cells(
    _ line: UnsafeRawBufferPointer, _ separator: UInt8, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    var (start, isQuoted) = (0, false)
    for at in 0..<line.count {
      if line[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard line[at] == separator, !isQuoted else { continue }
      body(UnsafeRawBufferPointer(rebasing: line[start..<at]))
      start = at + 1
    }
    body(UnsafeRawBufferPointer(rebasing: line[start...]))
  }

  /// Without spaces around it, and without quotes.
  fileprivate static func text(_ cell: UnsafeRawBufferPointer) -> String {
    var part = cell[...]
    while let first = part.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\"") {
      part = part.dropFirst()
    }
    while let last = part.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\"") {
      part = part.dropLast()
    }
    return String(decoding: part, as: UTF8.self)
  }
}
