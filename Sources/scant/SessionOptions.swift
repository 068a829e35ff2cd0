/// Options that several commands share, and where sessions are looked for.
import ArgumentParser
import Formats
import Foundation
import Lab

struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A folder of sessions.", valueName: "dir"))
  var sessions: String?

  /// `--sessions`, else `./sessions`, `$SCANT_HOME/sessions`, those that ship with the program,
  /// and the user's own.
  var folders: [URL] {
    if let sessions { return [URL(fileURLWithPath: sessions, isDirectory: true)] }
    let files = FileManager.default
    let own = URL(fileURLWithPath: files.currentDirectoryPath).appendingPathComponent("sessions")
    let user = UserFolders()
    let home = user.named(by: "SCANT_HOME")?.appendingPathComponent("sessions")
    let candidates = [own, home, Self.shipped, user.data.appendingPathComponent("sessions")]
      .compactMap { $0?.standardizedFileURL }
    let present = candidates.reduce(into: [URL]()) { found, folder in
      if !found.contains(folder), files.fileExists(atPath: folder.path) { found.append(folder) }
    }
    return present.isEmpty ? [own] : present
  }

  /// `nil`: the session a newcomer meets first.
  func find(_ name: String?) throws -> Session {
    try Session.find(name ?? Self.builtIn, in: folders)
  }

  static let builtIn = "band-missing-labels"

  /// Beside the package whose build folder holds this program.
  private static var shipped: URL? {
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    for _ in 0..<6 {
      folder.deleteLastPathComponent()
      let package = folder.appendingPathComponent("Package.swift")
      if FileManager.default.fileExists(atPath: package.path) {
        return folder.appendingPathComponent("sessions")
      }
    }
    return nil
  }
}

/// `key=value` of `--set` and `--only`.
struct Assignment: Equatable {
  let key: String
  let value: String

  init(_ text: String, option: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let trimmed = parts.map { $0.trimmingCharacters(in: .whitespaces) }
    guard trimmed.count == 2, !trimmed[0].isEmpty else {
      throw ValidationError("\(option) '\(text)' is no assignment; expected key=value")
    }
    key = trimmed[0]
    value = trimmed[1]
  }
}

/// Runs `body`; what is wrong with a value given as a flag is a mistake in usage (status 64).
func asUsage<T>(_ option: String, _ body: () throws -> T) throws -> T {
  do { return try body() } catch let error as RecipeError {
    // `--epochs` says which setting is meant; `--set` leaves that to the key.
    throw ValidationError("\(option) \(option == "--set" ? "\(error)" : error.message)")
  }
}
