// The files that come with the program: themes, sessions and guides.
import Foundation

/// Where they are: in the package whose build folder holds the program, or where it was installed.
package struct ProgramFiles: Sendable, Equatable {
  /// The folder with `themes`, `sessions` and `Documentation`.
  package let folder: URL
  /// Whether it is an installation, whose files belong to the system.
  package let isInstalled: Bool

  package init(folder: URL, isInstalled: Bool) {
    (self.folder, self.isInstalled) = (folder, isInstalled)
  }

  /// Of this program; nil where it stands alone.
  package static let own = ProgramFiles(
    of: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath())

  /// Looks above a program for a package, and for `share/scant` as in `/usr`; the nearer one wins.
  package init?(of program: URL) {
    var folder = program.deletingLastPathComponent()
    for _ in 0..<Self.levels {
      let share = folder.appendingPathComponent("share/scant")
      if Self.holds(folder, "Package.swift") {
        self.init(folder: folder, isInstalled: false)
        return
      }
      if Self.holds(share, "sessions") {
        self.init(folder: share, isInstalled: true)
        return
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  private static let levels = 6

  /// What cannot be looked at is passed over: the program works without these files.
  private static func holds(_ folder: URL, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  package var themes: URL { folder.appendingPathComponent("themes") }
  package var guides: URL { folder.appendingPathComponent("Documentation/Guides") }
  private var sessions: URL { folder.appendingPathComponent("sessions") }

  /// The sessions, where their runs can be written: of an installation a copy in `data`, which is
  /// brought up to date; runs in it stay.
  ///
  /// - Parameters:
  ///   - data: The user's own data folder, such as `UserFolders.data`.
  /// - Throws: `Problem` if the copy cannot be written.
  package func sessions(copiedTo data: URL) throws -> URL {
    guard isInstalled else { return sessions }
    let copy = data.appendingPathComponent("shipped")
    try Self.update(copy, from: sessions)
    return copy
  }

  /// Copies files that are missing or have another size or a newer date, in all folders.
  private static func update(_ copy: URL, from source: URL) throws {
    let files = FileManager.default
    guard let paths = files.enumerator(atPath: source.path) else {
      throw Problem(source.path, "cannot be listed; expected the sessions that were installed")
    }
    for case let path as String in paths {
      let from = source.appendingPathComponent(path), to = copy.appendingPathComponent(path)
      do {
        let kind = try files.attributesOfItem(atPath: from.path)
        if kind[.type] as? FileAttributeType == .typeDirectory {
          try files.createDirectory(at: to, withIntermediateDirectories: true)
        } else if !isCurrent(to, kind) {
          try AtomicFile.write(try Data(contentsOf: from), to: to)
        }
      } catch let problem as Problem {
        throw problem
      } catch {
        throw Problem(to.path, "cannot be written (\(error.localizedDescription)); expected room")
      }
    }
  }

  private static func isCurrent(_ copy: URL, _ source: [FileAttributeKey: Any]) -> Bool {
    // A copy that cannot be looked at is made again.
    guard let own = try? FileManager.default.attributesOfItem(atPath: copy.path),
      own[.size] as? Int == source[.size] as? Int, let made = own[.modificationDate] as? Date,
      let date = source[.modificationDate] as? Date
    else { return false }
    return made >= date
  }
}
