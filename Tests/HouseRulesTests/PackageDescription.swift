// The package's targets and what they declare, as `swift package dump-package` prints them.
import Foundation
import TestSupport

struct PackageDescription: Decodable {
  struct Target: Decodable {
    let name: String
    let type: String
    /// Relative to the package's root; `Sources/NAME` or `Tests/NAME` where absent.
    let path: String?
    let dependencies: [Dependency]

    var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }
    var declared: Set<String> { Set(dependencies.map(\.name)) }
  }

  /// One of `byName`, `target` or `product`; each holds the name first.
  struct Dependency: Decodable {
    let name: String

    private struct Name: Decodable {
      let text: String
      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        text = try values.decode(String.self)
      }
    }

    init(from decoder: any Decoder) throws {
      let forms = try decoder.singleValueContainer().decode([String: Name].self)
      guard let form = forms.values.first else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a dependency without a name"))
      }
      name = form.text
    }
  }

  let targets: [Target]

  /// Asks SwiftPM. A scratch folder of its own keeps out of the way of the running `swift test`.
  static func load() throws -> PackageDescription {
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-package-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", SharedData.packageRoot.path,
      "--scratch-path", scratch.path, "dump-package",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(PackageDescription.self, from: data)
  }
}
