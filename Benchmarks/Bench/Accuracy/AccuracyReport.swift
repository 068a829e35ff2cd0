// All networks against a folder of reference files, as a table and as JSON.
import Autograd
import Formats
import Foundation

/// The result of `scant bench accuracy`.
public struct AccuracyReport: Sendable {
  public let program: String
  public let precision: Precision
  public let networks: [NetworkAccuracy]
  /// Folders with reference files of unknown networks.
  public let unknown: [String]

  public var agrees: Bool { networks.allSatisfy(\.agrees) }

  /// Checks every network that has reference files in `folder`. Throws if there are none, or if
  /// files are missing, damaged or of another network.
  public init(_ folder: URL, precision: Precision = .fp32, program: String) throws {
    (self.program, self.precision) = (program, precision)
    let found = try StoredFile.names(in: folder).filter {
      ReferenceFiles.exists(folder.appendingPathComponent($0))
    }
    guard !found.isEmpty else {
      throw AccuracyError(
        "\(folder.path): no reference files; expected folders such as cnn/ with check.json")
    }
    let known = CheckedNetwork.all.map(\.id)
    unknown = found.filter { !known.contains($0) }
    networks = try CheckedNetwork.all.filter { found.contains($0.id) }.map { checked in
      do {
        return try NetworkAccuracy(
          checked, ReferenceFiles(folder.appendingPathComponent(checked.id)), precision)
      } catch {
        throw AccuracyError("\(folder.appendingPathComponent(checked.id).path): \(error)")
      }
    }
  }

  /// Rows of a table: network, part, error, error of PyTorch, tolerance, verdict, tensor.
  public var rows: [[String]] {
    networks.flatMap { network in
      NetworkAccuracy.Part.allCases.compactMap { part in
        network.worst(part).map { worst in
          [
            network.id, part.rawValue, scientific(worst.error),
            worst.pytorch.map(scientific) ?? "", scientific(worst.allowed),
            worst.agrees ? "agrees" : "DIFFERS", worst.name,
          ]
        }
      }
    }
  }

  /// One line for each network: "cnn: 32 of 32 tensors agree".
  public var verdicts: [String] {
    networks.map { network in
      let good = network.tensors.count(where: \.agrees)
      let ties = "; near-ties: PyTorch flips \(network.flips)"
      return "\(network.id): \(good) of \(network.tensors.count) tensors agree"
        + (network.flips > 0 ? ties : "")
    } + unknown.map { "\($0): not checked, no such network here" }
  }

  /// One JSON object without line breaks.
  public var json: String {
    object([
      ("program", quoted(program)), ("workload", quoted("accuracy")),
      ("precision", quoted(precision.rawValue)), ("agrees", "\(agrees)"),
      ("networks", array(networks.map(json))), ("unknown", array(unknown.map(quoted))),
    ])
  }

  private func json(_ network: NetworkAccuracy) -> String {
    let parts = NetworkAccuracy.Part.allCases.compactMap { part in
      network.worst(part).map { worst in
        (
          part.rawValue.replacingOccurrences(of: " ", with: "_"),
          object([
            ("error", number(worst.error)), ("pytorch", worst.pytorch.map(number) ?? "null"),
            ("allowed", number(worst.allowed)), ("tensor", quoted(worst.name)),
          ])
        )
      }
    }
    return object(
      [
        ("network", quoted(network.id)), ("agrees", "\(network.agrees)"),
        ("tensors", "\(network.tensors.count)"),
        ("pytorch_flips", "\(network.flips)"),
        ("tensors_agree", "\(network.tensors.count(where: \.agrees))"),
      ] + parts)
  }
}
