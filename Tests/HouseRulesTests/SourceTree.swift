// The package's own files, as the house rules read them.
import Foundation
import TestSupport

struct SourceFile {
  /// Relative to the package's root, such as `Sources/Lab/Event.swift`.
  let path: String
  let lines: [String]

  /// The folder below `Sources` or `Tests`: the target.
  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}

enum SourceTree {
  /// Everything that is built but tests.
  static var code: [SourceFile] {
    ["Sources", "Benchmarks", "Examples/Sources"].flatMap { files(under: $0) }
  }

  static func files(under folder: String, suffix: String = ".swift") -> [SourceFile] {
    let root = SharedData.packageRoot
    let base = root.appendingPathComponent(folder)
    let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(suffix) }.sorted().compactMap { name in
      let url = base.appendingPathComponent(name)
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return SourceFile(path: "\(folder)/\(name)", lines: lines)
    }
  }

  static func text(_ path: String) -> String {
    let url = SharedData.packageRoot.appendingPathComponent(path)
    return (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  }
}
