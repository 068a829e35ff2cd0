// A folder of sounds without any label: what there is before a person has labelled something.
import Formats
import Foundation

/// The sound files of a folder as clips for training, without classes.
public struct UnlabelledFolder: Sendable {
  public let clips: [Clip]
  /// Clips are cut or padded to this length, in s.
  public let seconds = FolderReading.usualSeconds

  /// Throws `Problem` where there is no sound file, or the folder cannot be read.
  public init(_ root: URL) throws {
    let listing = try SoundListing(root.standardizedFileURL)
    guard !listing.names.isEmpty else {
      throw Problem(root.path, "no sound file; expected sounds")
    }
    let seconds = seconds
    clips = listing.names.map { name in
      Clip(id: name, audio: listing.url(name), split: .train, seconds: seconds, labels: [])
    }
  }

  /// Whether the folder holds sounds, and no table, label track or class folder that names a class.
  /// Throws `Problem` where it cannot be read.
  public static func isOne(_ root: URL) throws -> Bool {
    let listing = try SoundListing(root.standardizedFileURL)
    guard !listing.names.isEmpty else { return false }
    if let table = try LabelTable.find(in: root) {
      var issues = IssueLog()
      return try LabelTable(table, listing, &issues).isWithoutClass && issues.errorCount == 0
    }
    return try !LabelTracks.isLaidOut(listing) && !ClassFolders.isLaidOut(listing)
  }
}
