// Weights by name, as a network takes them out of a file.
import Acoustics
import Autograd
import Formats
import Foundation
import WeightImport

/// The tensors of one file. Networks ask for each by name and shape; what is left over at the end
/// belongs to another network.
package struct WeightTable: Sendable {
  /// What errors name.
  package let file: String
  package let tensors: [String: Tensor]

  package init(file: String, _ tensors: [String: Tensor]) {
    self.file = file
    self.tensors = tensors
  }

  /// The tensor called `name`. Throws `Problem` where it is missing or of another shape.
  func take(_ name: String, _ shape: [Int]) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw error("there is no '\(name)'; expected one of shape \(shape)")
    }
    guard tensor.shape == shape else {
      throw error("'\(name)' has shape \(tensor.shape); expected \(shape)")
    }
    return tensor
  }

  /// Throws where a name is none of `known`.
  func expectOnly(_ known: some Sequence<String>) throws {
    if let other = Set(tensors.keys).subtracting(known).min() {
      throw error("'\(other)' belongs to no layer; expected another network's weights")
    }
  }

  /// That no known transformer's tensors are here, with the name of one that is: a prefix that a
  /// training program put before all names then shows.
  func noTransformer(expecting name: String) -> Problem {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let found = tensors.keys.filter { $0.hasSuffix(last) }.min() ?? tensors.keys.min()
    let there = found.map { "only others such as '\($0)'" } ?? "no tensors"
    return error(
      "no transformer that is known, \(there); expected the tensors of ASTForAudioClassification,"
        + " such as '\(name)'")
  }

  func error(_ message: String) -> Problem { Problem(file, message) }

  /// How many values there are.
  package var count: Int { tensors.values.map(\.count).reduce(0, +) }

  /// 16 hexadecimal digits that depend on every name, shape and value.
  package var digest: String {
    var text: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      text += Array("\(name) \(tensor.shape) \(hash(tensor.values))\n".utf8)
    }
    return Digest.hex(text)
  }
}

extension WeightFile {
  /// Bytes that change when a name, a shape or a number does: what caches of features made with
  /// these weights are keyed by. Reads all tensors. Throws `Problem`.
  var fingerprint: [UInt8] {
    get throws {
      var bytes: [UInt8] = []
      for tensor in tensors {
        bytes += Array("\(tensor.name) \(tensor.shape) ".utf8)
        bytes.append(littleEndian: hash(try tensor.values()))
      }
      return bytes
    }
  }
}

/// A value at a time: a hundred million bytes one by one would be felt.
private func hash(_ values: [Float]) -> UInt64 {
  var hash = FNV1a()
  for value in values { hash.add(UInt64(value.bitPattern)) }
  return hash.value
}

/// Finds files by their published names and reads them by what they hold.
package struct WeightFolder {
  private let folder: URL
  private let card: ExtractorCard

  package init(_ folder: URL, _ card: ExtractorCard) {
    self.folder = folder
    self.card = card
  }

  /// The first of `names` that exists. Throws `Problem` where there is none, or on a file that
  /// is damaged.
  package func read(_ names: [String]) throws -> WeightTable {
    let found = names.map { folder.appendingPathComponent($0) }.first {
      FileManager.default.fileExists(atPath: $0.path)
    }
    guard let found else {
      throw Problem(
        folder.appendingPathComponent(names[0]).relativePath,
        "no such file; expected " + card.files.joined(separator: " and "))
    }
    return try Self.read(found)
  }

  /// All tensors of a safetensors file, a PyTorch archive or a Keras file.
  package static func read(_ url: URL) throws -> WeightTable {
    let file = try WeightFile(url)
    let tensors = try file.tensors.map { ($0.name, Tensor(try $0.values(), $0.shape)) }
    return WeightTable(file: file.file, Dictionary(tensors) { first, _ in first })
  }
}

/// Files in the resource bundle beside the executable.
package enum PackagedWeights {
  private static let bundle = "scant_Models.resources"
  private static let folder = "Weights"

  /// The file `name`, wherever the program is started from. Throws `Problem` where the bundle
  /// was not copied along.
  package static func file(_ name: String) throws -> URL {
    let places = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
    let files = places.compactMap {
      $0?.appendingPathComponent(bundle).appendingPathComponent(folder).appendingPathComponent(name)
    }
    guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw Problem(
        files.first?.path ?? name,
        "no such file; expected \(bundle) beside the program, as it was built")
    }
    return file
  }
}
