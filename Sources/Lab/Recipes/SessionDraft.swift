// A session for a data set that has none: the methods that fit it, and settings for its size.
import Datasets
import Formats
import Foundation
import Methods
import Models

/// `session.yaml` as text, with comments for a person who has never seen one.
package struct SessionDraft: Sendable {
  private let title: String
  private let id: String
  private let root: URL
  /// What was understood of the data, line by line.
  private let remarks: [String]
  private let clips: [Clip]
  private let classes: Int
  private let isSingleLabel: Bool
  private let extractor: String

  /// `root`: the data set's folder. `remarks`: what a check says of it. Throws `Problem` where the
  /// folders of weights cannot be looked at.
  package init(_ dataset: any Dataset, root: URL, remarks: [String]) throws {
    title = root.standardizedFileURL.lastPathComponent
    id = dataset.card.id
    self.root = root.standardizedFileURL
    self.remarks = remarks
    (clips, classes) = (dataset.clips, dataset.classes.count)
    isSingleLabel = dataset.isSingleLabel
    extractor = try SessionDraft.bestExtractor()
  }

  /// Extractors by their accuracy on ESC-10 with two labels a class, the best first; the last one
  /// comes with the program.
  private static let ranked = [
    "mn04", "yamnet", "vggish", "openl3", "aisfx", "musicnn", "edgel3", "band-net",
  ]

  /// The first of them whose weights are there. Throws `Problem` where that cannot be looked at.
  package static func bestExtractor() throws -> String {
    try ranked.first { id in
      guard let type = ExtractorCatalog.find(id) else { return false }
      if try ExtractorCatalog.folders(for: id).contains(where: { try StoredFile.isFolder($0) }) {
        return true
      }
      return try type.packaged() != nil
    } ?? "band-net"
  }

  package var yaml: String {
    ([header, data, learning, table].map { $0.joined(separator: "\n") }).joined(separator: "\n\n")
      + "\n"
  }

  private var header: [String] {
    [
      "# A session: these methods on this data, with these seeds. Lines with # are comments."
    ]
      + remarks.map { "# \(SessionDraft.plain($0))" }
      + [
        "# All keys and their ranges: Documentation/Settings.md. Guide: Documentation/Own-data.md.",
        "title: \(SessionDraft.quoted(title))",
      ]
  }

  private var data: [String] {
    let lines = [
      "dataset:", "  id: \(id)",
      "  root: \(SessionDraft.quoted(root.path))   # the folder of the sounds",
    ]
    guard id == "folder" else { return lines }
    return lines + [
      "  # seconds: 10        # length of a clip; longer recordings are cut",
      "  # seed: 2            # another draw of the split, where it is drawn",
      "  # unlabelled: no     # leaves out sounds without a label",
    ]
  }

  /// The labels of the training clips decide which methods can differ from plain training.
  private var methods: [String] {
    let training = clips.filter { $0.split == .train }
    let isMissing = training.contains { $0.labels.contains { $0 == nil } }
    let partly = ["label-enhancing", "mean-teacher", "pseudo-label", "fixmatch"]
    return isMissing ? ["b0", "b1"] + partly + ["entropy-minimization"] : ["b1", "mean-teacher"]
  }

  private var learning: [String] {
    let training = clips.count { $0.split == .train }
    let size = TrainingSize(clips: training)
    return [
      "model: { id: cnn }", "methods: [\(methods.joined(separator: ", "))]",
      "variants:               # two that learn from a pre-trained network, and a classic learner",
      "  - { name: transfer, method: transfer, extractor: \(extractor) }",
      "  - { name: con-reg, method: con-reg, extractor: \(extractor) }",
      "  - { name: classic, method: classic, model.id: classic, training.epochs: 1 }",
      "seeds: [\(training < 2000 ? "0, 1, 2" : "0")]\(training < 2000 ? "" : "              ")"
        + "        # each method is trained once a seed; the table gives means",
    ] + folds + [
      "training: { epochs: \(size.epochs), batch: \(size.batch) }   # about "
        + "\(size.epochs * size.steps) steps"
    ]
  }

  private var folds: [String] {
    let isDrawn = id == "folder" && remarks.contains { $0.contains("split drawn") }
    return isDrawn
      ? [
        "# folds: [1, 2, 3, 4, 5]  # every fifth of the groups is tested once; five times the runs"
      ]
      : []
  }

  private var table: [String] {
    let columns = isSingleLabel ? "accuracy, f1-macro" : "f1-macro-both, ap-macro"
    return ["table:", "  columns: [\(columns)]"]
  }

  /// In double quotes, with YAML's escapes.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        "\\x" + String(scalar.value + 0x100, radix: 16).suffix(2)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }

  /// One line without control characters.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{fffd}" : $0 }))
  }
}

/// Batches and epochs that suit a number of training clips: about 900 steps.
package struct TrainingSize: Codable, Sendable, Equatable {
  /// Clips of a step.
  package let batch: Int
  /// Steps of an epoch.
  package let steps: Int
  package let epochs: Int

  package init(clips: Int) {
    batch = clips < 64 ? 8 : clips < 500 ? 16 : 32
    steps = max(1, (clips + batch - 1) / batch)
    epochs = min(60, max(4, 900 / steps))
  }
}
