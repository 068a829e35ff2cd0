// Logs of other programs in a folder: which files are a run, and what they are called.
import Formats
import Foundation

/// A run that another program logs: a folder with event files, or a table.
public struct WatchedRun: Sendable, Equatable {
  /// Its place below the folder that is watched.
  public let name: String
  /// The folder of the event files, or the table.
  public let url: URL
  public let format: LogFormat

  /// What TensorBoard looks for in the name of an event file.
  static let mark = "tfevents"

  /// Its files in the order of their names, which begin with the time.
  func files() throws -> [URL] {
    guard format == .tensorBoard else { return [url] }
    return try StoredFile.names(in: url).filter(Self.isEventFile)
      .prefix(Self.mostFiles).map { url.appendingPathComponent($0) }
  }

  private static let mostFiles = 1000

  static func isEventFile(_ name: String) -> Bool {
    name.contains(mark) && !name.hasSuffix(".profile-empty")
  }

  /// Size of its files, and the time of the last change.
  func stamp() throws -> (bytes: Int, changed: Date?) {
    let stamps = try files().compactMap { try StoredFile.stamp($0) }
    return (stamps.reduce(0) { $0 + $1.bytes }, stamps.map(\.changed).max())
  }
}

/// A folder or file whose runs are watched.
public struct WatchedFolder: Sendable, Equatable {
  public let url: URL
  /// As it was given.
  public let name: String

  private static let deepest = 12, mostFolders = 20_000
  static let mostRuns = 2000

  /// `path`: a folder, an event file or a table.
  public init(_ path: String) {
    url = URL(fileURLWithPath: path)
    let given = path.split(separator: "/").joined(separator: "/")
    name = [".", "..", ""].contains(given) ? url.standardizedFileURL.lastPathComponent : given
  }

  /// The runs, by name: each folder with event files is one, and each table with a column of steps
  /// or epochs. Folders that may not be read are left out, and links to folders are not followed.
  public func runs() throws -> [WatchedRun] {
    switch try StoredFile.kind(url) {
    case .folder?:
      var search = Search(root: url)
      try search.look(url, depth: 0)
      return search.runs.sorted { $0.name < $1.name }
    case .file?: return [try single()]
    case .other?, nil:
      throw LabError("\(url.relativePath): no such folder or file; expected logs of a training")
    }
  }

  /// The file itself, whatever it is called.
  private func single() throws -> WatchedRun {
    guard WatchedRun.isEventFile(url.lastPathComponent) else {
      return WatchedRun(name: WatchedRun.tableName(url.lastPathComponent), url: url, format: .csv)
    }
    let folder = url.deletingLastPathComponent()
    return WatchedRun(
      name: folder.standardizedFileURL.lastPathComponent, url: folder, format: .tensorBoard)
  }

  private struct Search {
    let root: URL
    var runs: [WatchedRun] = []
    var folders = 0

    mutating func look(_ folder: URL, depth: Int) throws {
      folders += 1
      guard depth <= WatchedFolder.deepest, folders <= WatchedFolder.mostFolders else { return }
      let names: [String]
      do { names = try StoredFile.names(in: folder) } catch {
        if depth > 0, error.systemError == EACCES { return }
        throw error
      }
      if names.contains(where: WatchedRun.isEventFile) { add(folder, .tensorBoard, folder) }
      for name in names where !name.hasPrefix(".") {
        let place = folder.appendingPathComponent(name)
        if try StoredFile.isOwnFolder(place.path) {
          try look(place, depth: depth + 1)
        } else if name.hasSuffix(".csv"), WatchedRun.isTable(place) {
          let isUsual = name == "metrics.csv" && !names.contains(where: WatchedRun.isEventFile)
          add(place, .csv, isUsual ? folder : place.deletingPathExtension())
        }
      }
    }

    private mutating func add(_ url: URL, _ format: LogFormat, _ named: URL) {
      guard runs.count < WatchedFolder.mostRuns else { return }
      let own = root.standardizedFileURL.path, whole = named.standardizedFileURL.path
      let below = whole.hasPrefix(own + "/") ? String(whole.dropFirst(own.count + 1)) : ""
      let name = below.isEmpty ? root.standardizedFileURL.lastPathComponent : below
      runs.append(WatchedRun(name: name, url: url, format: format))
    }
  }
}

extension WatchedRun {
  /// Without the ending; Lightning's `metrics.csv` is named by its folder where there is one.
  static func tableName(_ file: String) -> String {
    (file as NSString).deletingPathExtension
  }

  /// Whether its first line names a column of steps or epochs and another one. Not so if it cannot
  /// be read: nobody said that it is a log.
  static func isTable(_ url: URL) -> Bool {
    do { return try holdsTable(url) } catch { return false }
  }

  private static func holdsTable(_ url: URL) throws -> Bool {
    guard try StoredFile.isFile(url) else { return false }
    let file = try OpenFile(url)
    let start = try file.fetch(0..<min(file.count, longestHeader))
    guard let end = start.firstIndex(of: EventLog.newline) else { return false }
    let line = start[..<end].last == UInt8(ascii: "\r") ? start[..<(end - 1)] : start[..<end]
    let header = LogTableReader.Header(Array(line))
    return header.step != nil && header.names.count > 1
  }

  private static let longestHeader = 64 << 10
}
