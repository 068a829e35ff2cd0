// What reading the tables of a data set for their faults came to.
import Formats
import Foundation

public struct TableCheck: Sendable {
  /// The folder that was read; empty for a set that is made here.
  let root: String
  var layout = "as published"
  var classes: [String] = []
  var clips: [Clip] = []
  /// Where each clip is named, and the file that it names; empty for a clip without sound.
  var places: [String] = []
  var names: [String] = []
  /// Rows that name a file, and files that are there, where rows are left out for their files.
  var files: (named: Int, found: Int)?
  var counts: [DataCount] = []
  var remarks: [String] = []
  var issues = IssueLog()

  init(root: String) { self.root = root }

  var named: Int { files?.named ?? names.count { !$0.isEmpty } }
  var found: Int { files?.found ?? clips.count { $0.audio != nil } }

  /// Runs a reading of tables: what it throws is one more fault, a cancellation ends the check.
  mutating func noting(_ reading: (inout TableCheck) throws -> Void) throws {
    do { try reading(&self) } catch is CancellationError {
      throw CancellationError()
    } catch {
      issues.wrong(error)
    }
  }
}

extension Dataset {
  public static func check(_ settings: DatasetSettings, progress: Ticker?) throws -> TableCheck {
    try openingCheck(settings, progress: progress)
  }

  /// Of a set that is made here: what opening it says.
  static func openingCheck(
    _ settings: DatasetSettings, progress: Ticker?
  ) throws -> TableCheck {
    var check = TableCheck(
      root: card.isBuiltIn ? "" : try DatasetFolder.root(card, settings).path)
    check.layout = card.source.map { "made of \($0)" } ?? "built in"
    try check.noting { check in
      let set = try Self(settings, progress: progress)
      check.classes = set.classes
      check.clips = set.clips
      check.places = set.clips.map { $0.audio?.path ?? $0.id }
      check.names = set.clips.map { $0.audio?.lastPathComponent ?? "" }
      for problem in set.problems { check.issues.odd(check.root, problem) }
    }
    return check
  }
}
