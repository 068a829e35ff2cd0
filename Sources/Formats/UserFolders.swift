// The folders of a user's own files, from the environment.
import Foundation
import Synchronization

/// The folders `scant` in those of the XDG Base Directory specification. If a variable is unset,
/// empty or not an absolute path, the default of the specification below the home folder applies.
/// https://specifications.freedesktop.org/basedir-spec/latest/
public struct UserFolders: Sendable {
  private let environment: [String: String]

  public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
  }

  /// `$XDG_CONFIG_HOME/scant`, by default `~/.config/scant`.
  public var configuration: URL { folder("XDG_CONFIG_HOME", ".config") }
  /// `$XDG_DATA_HOME/scant`, by default `~/.local/share/scant`.
  public var data: URL { folder("XDG_DATA_HOME", ".local/share") }
  /// `$XDG_CACHE_HOME/scant`, by default `~/.cache/scant`.
  public var cache: URL { folder("XDG_CACHE_HOME", ".cache") }
  /// `$XDG_STATE_HOME/scant`, by default `~/.local/state/scant`.
  public var state: URL { folder("XDG_STATE_HOME", ".local/state") }

  /// The folder in one of Scant's variables, such as `SCANT_DATA`, as an absolute or relative path;
  /// nil if it is unset or empty.
  public func named(by variable: String) -> URL? {
    guard let path = environment[variable], !path.isEmpty else { return nil }
    return URL(fileURLWithPath: path, isDirectory: true)
  }

  private func folder(_ variable: String, _ usual: String) -> URL {
    (absolute(variable) ?? home.appendingPathComponent(usual)).appendingPathComponent("scant")
  }

  /// `$HOME`, or the home folder that the system knows.
  package var home: URL { absolute("HOME") ?? FileManager.default.homeDirectoryForCurrentUser }

  private func absolute(_ variable: String) -> URL? {
    environment[variable].flatMap {
      $0.hasPrefix("/") ? URL(fileURLWithPath: $0, isDirectory: true) : nil
    }
  }
}

/// The folders of data sets and weights that `config.yaml` names. Folders that a flag or the
/// environment names come before them.
///
/// Written once: `scant` sets them before it looks for anything, and they never change afterwards;
/// in every other program they are empty. They are the program's environment, like
/// `ProcessInfo.processInfo.environment`: as a value they would go through every initializer from
/// the commands to `ModelBlueprint.make`, since models open their own weights.
package enum ConfiguredFolders {
  private struct Folders: Sendable {
    var data: [String: URL] = [:]
    var weights: [String: URL] = [:]
  }

  private static let folders = Mutex<Folders?>(nil)

  /// The folders of data sets, by id.
  package static var data: [String: URL] { folders.withLock { $0?.data ?? [:] } }

  /// The folders of pre-trained weights, by id.
  package static var weights: [String: URL] { folders.withLock { $0?.weights ?? [:] } }

  /// Sets the folders. A second call in a process is a programming error.
  package static func use(data: [String: URL], weights: [String: URL]) {
    folders.withLock {
      precondition($0 == nil, "the configured folders are set already")
      $0 = Folders(data: data, weights: weights)
    }
  }
}
