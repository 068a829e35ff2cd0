// What a shell offers after TAB: ids of the catalogues, sessions, runs and claims.
import ArgumentParser
import Datasets
import Downloads
import Formats
import Foundation
import Lab
import Methods
import Models

/// Completions of arguments. What cannot be listed is not offered: a shell has no place for errors.
enum Completions {
  /// Names of sessions, and folders.
  static let sessions = CompletionKind.custom { _, _, prefix in
    names(prefix) { $0.map(\.lastPathComponent) } + folders(prefix)
  }

  /// Folders of runs in the sessions here, and folders.
  static let runs = CompletionKind.custom { _, _, prefix in
    names(prefix) { try $0.flatMap(runs) } + folders(prefix)
  }

  /// Sessions and runs.
  static let subjects = CompletionKind.custom { _, _, prefix in
    names(prefix) { try $0.map(\.lastPathComponent) + $0.flatMap(runs) } + folders(prefix)
  }

  static let claims = CompletionKind.custom { _, _, prefix in
    names(prefix) { try $0.flatMap { try Session.read($0).claims.map(\.id) } }
  }

  static let datasets = CompletionKind.custom { _, _, prefix in
    DatasetCatalog.cards.map(\.id).filter { $0.hasPrefix(prefix) } + folders(prefix)
  }

  static let releases = CompletionKind.list(ReleaseTable.all.map { $0.id })

  static let models = CompletionKind.list(ModelCatalog.all.map { $0.card.id })

  static let methods = CompletionKind.list(MethodCatalog.all.map { $0.card.id })

  static let extractors = CompletionKind.list(ExtractorCatalog.all.map { $0.card.id })

  private static func names(
    _ prefix: String, _ list: ([URL]) throws -> [String]
  ) -> [String] {
    guard let options = try? SessionOptions.parse([]),
      let found = try? list(Session.all(in: options.folders))
    else { return [] }
    return found.filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// `sessions/a/runs/b1-s0`, from here.
  private static func runs(_ session: URL) throws -> [String] {
    let folder = session.appendingPathComponent("runs")
    return try StoredFile.names(in: folder).map { folder.appendingPathComponent($0).fromHere }
  }

  /// Folders whose path begins with what is typed, with a slash at the end.
  private static func folders(_ prefix: String) -> [String] {
    let slash = prefix.lastIndex(of: "/")
    let parent = slash.map { String(prefix[...$0]) } ?? ""
    let url = URL(fileURLWithPath: parent.isEmpty ? "." : parent)
    let names = (try? StoredFile.names(in: url)) ?? []
    return names.map { parent + $0 }.filter { path in
      var isFolder: ObjCBool = false
      return path.hasPrefix(prefix) && !path.hasPrefix(".")
        && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }.map { $0 + "/" }.sorted()
  }
}
