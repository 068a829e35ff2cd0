// Where a person's own files lie: one reading of the environment for everything that looks there.
import Foundation

/// The folders `scant` in those of the XDG Base Directory specification. A variable that is unset,
/// empty or no absolute path leaves the specification's default below the home folder.
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

  /// The folder that a variable of our own names (`SCANT_DATA`), which may be a relative path; nil
  /// where it is unset or empty.
  public func named(by variable: String) -> URL? {
    guard let path = environment[variable], !path.isEmpty else { return nil }
    return URL(fileURLWithPath: path, isDirectory: true)
  }

  private func folder(_ variable: String, _ usual: String) -> URL {
    (absolute(variable) ?? home.appendingPathComponent(usual)).appendingPathComponent("scant")
  }

  private var home: URL { absolute("HOME") ?? FileManager.default.homeDirectoryForCurrentUser }

  private func absolute(_ variable: String) -> URL? {
    environment[variable].flatMap {
      $0.hasPrefix("/") ? URL(fileURLWithPath: $0, isDirectory: true) : nil
    }
  }
}
