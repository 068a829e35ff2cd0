// All networks against a folder of reference files, as a table and as JSON.
import Autograd
import Foundation

/// The result of `scant bench accuracy`.
public struct AccuracyReport: Sendable {
  public let program: String
  public let precision: Precision
  public let agreements: [Agreement]
  /// Folders with reference files of networks that are not known here.
  public let unknown: [String]

  public var agrees: Bool { agreements.allSatisfy(\.agrees) }

  /// Judges every network that `folder` has reference files of. Throws when there is none, and
  /// where files are missing, damaged or of another network.
  public init(_ folder: URL, precision: Precision = .fp32, program: String) throws {
    (self.program, self.precision) = (program, precision)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let found = names.filter { ReferenceFiles.exists(folder.appendingPathComponent($0)) }.sorted()
    guard !found.isEmpty else {
      throw AccuracyError(
        "\(folder.path): no reference files; expected folders such as cnn/ with check.json")
    }
    let known = CheckedNetwork.all.map(\.id)
    unknown = found.filter { !known.contains($0) }
    agreements = try CheckedNetwork.all.filter { found.contains($0.id) }.map { checked in
      do {
        return try Agreement(
          checked, ReferenceFiles(folder.appendingPathComponent(checked.id)), precision)
      } catch {
        throw AccuracyError("\(folder.appendingPathComponent(checked.id).path): \(error)")
      }
    }
  }

  /// Rows of a table: what, error, PyTorch's own, allowed, tensor.
  public var rows: [[String]] {
    agreements.flatMap { agreement in
      Agreement.Part.allCases.compactMap { part in
        agreement.worst(part).map { worst in
          [
            agreement.network, part.rawValue, scientific(worst.error),
            worst.pytorch.map(scientific) ?? "", scientific(worst.allowed),
            worst.agrees ? "agrees" : "DIFFERS", worst.name,
          ]
        }
      }
    }
  }

  /// One line for each network: "cnn: 32 of 32 tensors agree".
  public var verdicts: [String] {
    agreements.map { agreement in
      let good = agreement.tensors.count(where: \.agrees)
      let ties = "; near-ties: PyTorch flips \(agreement.flips)"
      return "\(agreement.network): \(good) of \(agreement.tensors.count) tensors agree"
        + (agreement.flips > 0 ? ties : "")
    } + unknown.map { "\($0): not checked, no such network here" }
  }

  /// One JSON object without line breaks.
  public var json: String {
    object([
      ("program", quoted(program)), ("workload", quoted("accuracy")),
      ("precision", quoted(precision.rawValue)), ("agrees", "\(agrees)"),
      ("networks", array(agreements.map(json))), ("unknown", array(unknown.map(quoted))),
    ])
  }

  private func json(_ agreement: Agreement) -> String {
    let parts = Agreement.Part.allCases.compactMap { part in
      agreement.worst(part).map { worst in
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
        ("network", quoted(agreement.network)), ("agrees", "\(agreement.agrees)"),
        ("tensors", "\(agreement.tensors.count)"),
        ("pytorch_flips", "\(agreement.flips)"),
        ("tensors_agree", "\(agreement.tensors.count(where: \.agrees))"),
      ] + parts)
  }
}
