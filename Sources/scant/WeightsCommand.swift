/// `scant weights inspect FILE`: the contents of a file of weights, without running any of it.
import ArgumentParser
import Foundation
import Output
import WeightImport

struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights", abstract: "Inspect files of weights.",
    subcommands: [Inspect.self])

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "List the arrays in a safetensors, npz, npy, Keras .h5 or .keras, or PyTorch file.",
      discussion: """
        Nothing in the file is executed. The file may be compressed with gzip.

        Example:
          scant weights inspect model.pth --json
        """)

    @Argument(help: "File of weights; its first bytes tell the format.")
    var file: String
    @Flag(help: "Write one JSON object to stdout.")
    var json = false

    func run() throws {
      let report = WeightsReport(try WeightFile(URL(fileURLWithPath: file)))
      try json ? Console.shared.print(json: report) : Console.shared.print(report.text)
    }
  }
}

/// The object `--json` prints, and the table without it.
struct WeightsReport: Encodable {
  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let type: String
    let count: Int
    let bytes: Int
  }

  struct Unread: Encodable {
    let name: String
    let reason: String
  }

  let file: String
  let format: String
  let parameters: Int
  let bytes: Int
  let metadata: [String: String]
  let tensors: [Tensor]
  /// Further contents of the file.
  let unread: [Unread]

  init(_ weights: WeightFile) {
    file = weights.file
    format = weights.format.rawValue
    parameters = weights.parameterCount
    tensors = weights.tensors.map {
      Tensor(
        name: $0.name, shape: $0.shape, type: $0.type.rawValue, count: $0.count,
        bytes: $0.byteCount)
    }
    bytes = weights.byteCount
    metadata = weights.metadata
    unread = weights.unread.map { Unread(name: $0.name, reason: $0.reason) }
  }

  /// One tensor a line, then what the file says of itself and what is not read of it, cut to a line
  /// each, then the sums.
  var text: String {
    var table = ConsoleTable(["name", "type", "shape", "numbers", "bytes"], numbers: [3, 4])
    for tensor in tensors {
      let shape = "[" + tensor.shape.map(String.init).joined(separator: ", ") + "]"
      table.append([
        Self.plain(tensor.name), tensor.type, shape, String(tensor.count), String(tensor.bytes),
      ])
    }
    let notes = metadata.sorted { $0.key < $1.key }.map {
      Self.plain("\($0.key): \($0.value)", atMost: 100)
    }
    let left = unread.map { Self.plain("\($0.name): not read, \($0.reason)", atMost: 200) }
    let sum =
      "\(format): \(tensors.count) tensors, \(parameters) numbers, \(bytes) bytes unpacked"
    return ([table.text] + notes + left + [sum]).joined(separator: "\n")
  }

  /// Names in a file could hold what a terminal would obey.
  private static func plain(_ text: String, atMost length: Int = .max) -> String {
    let kept = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? " " : Character(scalar)
    }
    return kept.count > length ? String(kept.prefix(length - 1)) + "…" : String(kept)
  }
}
