// What a person notes about a run: one text in the run's folder, with tags in it.
import Formats
import Foundation

/// A note about a run. Words that begin with `#` are its tags.
public struct RunNote: Sendable, Equatable {
  public let text: String

  /// The number of characters that a note may have.
  public static let longest = 1000

  /// Line breaks become spaces. Throws `LabError` if the text is too long.
  public init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace)
    let line = words.joined(separator: " ")
    guard line.count <= Self.longest else {
      throw LabError("a note of \(line.count) characters; expected at most \(Self.longest)")
    }
    self.text = line
  }

  /// Without the `#`, in the order of the text.
  public var tags: [String] {
    text.split(separator: " ").filter { $0.count > 1 && $0.hasPrefix("#") }
      .map { String($0.dropFirst()) }
  }
}

extension RunFolder {
  /// The file of the note, in UTF-8.
  public var noteFile: URL { url.appendingPathComponent("note.txt") }

  /// Nil without a note. Throws if the file cannot be read or is no note.
  public func note() throws -> RunNote? {
    guard let text = try StoredFile.text(noteFile) else { return nil }
    do { return try RunNote(text) } catch {
      throw LabError("\(noteFile.path): \(reason(of: error))")
    }
  }

  /// Replaces the note; an empty one removes the file. Throws if the folder holds no run.
  public func write(_ note: RunNote) throws {
    guard try holdsRun else {
      throw LabError("\(url.path): no run; expected the folder of a run")
    }
    if note.text.isEmpty { return try removeNote() }
    try AtomicFile.write(Data((note.text + "\n").utf8), to: noteFile)
  }

  func removeNote() throws {
    guard unlink(noteFile.path) != 0, errno != ENOENT else { return }
    throw LabError(
      "\(noteFile.path): cannot be removed (\(SystemWords.of(errno))); expected a writable folder")
  }
}
