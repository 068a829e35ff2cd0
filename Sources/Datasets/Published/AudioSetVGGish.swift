// Parts of AudioSet as VGGish codes: labels and embeddings, without sound.
import Acoustics
import Formats
import Foundation

/// `PART.labels.csv` (video_id,start_s,end_s,labels,num_frames) beside `PART.embedding.npy` (uint8,
/// N × 10 × 128, zeros after a clip's last frame): parts of the features that Gemmeke et al. 2017
/// released as TFRecords.
///
/// The classes are those with enough positives in training (`minimumPositives`). Classes that a row
/// does not list are absent. Splits are drawn here by seed, in whole videos.
package struct AudioSetVGGish: PublishedDataset {
  package static let card = DatasetCard(
    id: "audioset-vggish", title: "AudioSet (VGGish)",
    summary: "Parts of AudioSet as VGGish embeddings, without sound",
    paper: "Gemmeke et al. 2017, doi:10.1109/ICASSP.2017.7952261", licence: "CC BY 4.0",
    classes: nil, isBuiltIn: false,
    needs: [
      "PART.labels.csv and PART.embedding.npy, decoded from the PART.tfrecord files of the "
        + "AudioSet feature release",
      "class_labels_indices.csv of the same release, for the names of the classes",
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.validationShare,
      DatasetOptions.minimumPositives,
    ])

  let contents: PublishedContents

  private static let testShare = 0.2

  package static func isLaidOut(_ folder: URL) throws -> Bool {
    try AudioSetPart.isPresent(in: folder)
  }

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.layout = "NumPy and CSV"
    let names = try AudioSetNames(root, &result.issues)
    result.remarks = names.remarks
    let parts = try AudioSetPart.all(root, names.count, &result.issues)
    expectOnce(parts, &result.issues)
    for part in parts {
      if thorough { try part.checkCodes(&result.issues) }
      result.entries += part.rows.map { row in
        Annotations.Entry(
          id: row.id, files: [], split: .train, labels: [], group: row.video,
          table: part.table.path, line: row.line)
      }
    }
    result.move(testShare, to: .test, seed: settings.seed)
    result.move(
      min(0.9, settings.validationShare / (1 - testShare)), to: .validation, seed: settings.seed)
    label(&result, parts.flatMap { $0.rows.map(\.labels) }, names, settings.minimumPositives)
    return result
  }

  private static func expectOnce(_ parts: [AudioSetPart], _ issues: inout IssueLog) {
    var seen: [String: String] = [:]
    for part in parts {
      for row in part.rows {
        if let first = seen.updateValue(part.place(row), forKey: row.id) {
          issues.error(
            part.place(row), "\(row.id) again, first in \(first); expected one row per clip")
        }
      }
    }
  }

  /// Selects the classes by their positives in training, in the order of AudioSet's numbers.
  private static func label(
    _ result: inout Annotations, _ labels: [[Int]], _ names: AudioSetNames, _ minimum: Int
  ) {
    var positives: [Int: Int] = [:]
    for (entry, found) in zip(result.entries, labels) where entry.split == .train {
      for label in Set(found) { positives[label, default: 0] += 1 }
    }
    let chosen = positives.filter { $0.value >= max(1, minimum) }.keys.sorted()
    if chosen.isEmpty {
      result.issues.error(
        result.entries.first?.table ?? card.id,
        "no class with \(minimum) positives in training; expected a lower minimumPositives")
    }
    result.classes = chosen.map { names[$0] }
    for (i, found) in labels.enumerated() {
      result.entries[i].labels = chosen.map { found.contains($0) ? 1 : 0 }
    }
  }

  /// VGGish: `[128, T]` per clip, codes / 255.
  package func embeddings(of extractor: String) throws -> Features? {
    guard extractor == "vggish" else { return nil }
    var log = IssueLog()
    let names = try AudioSetNames(contents.root, &log)
    var spectrograms: [Clip.ID: Spectrogram] = [:]
    for part in try AudioSetPart.all(contents.root, names.count, &log) {
      let codes = try part.codes()
      for (n, row) in part.rows.enumerated() {
        let start = n * AudioSetPart.size
        spectrograms[row.id] = VGGishCodes.spectrogram(
          codes[start..<start + AudioSetPart.size], frames: row.frames)
      }
    }
    return Features(spectrograms)
  }
}

/// Quantized VGGish embeddings.
enum VGGishCodes {
  static let bands = 128

  /// `[128, T]` from codes `[T, 128]`, divided by 255 as in Gururani & Lerch 2021.
  static func spectrogram(_ codes: ArraySlice<Float>, frames: Int) -> Spectrogram {
    var values = [Float](repeating: 0, count: bands * frames)
    var next = codes.startIndex
    for t in 0..<frames {
      for b in 0..<bands {
        values[b * frames + t] = codes[next] / 255
        next += 1
      }
    }
    return Spectrogram(bands: bands, frames: frames, values: values)
  }
}

/// OpenMIC-2018's `vggish/000/000046_3840.json`: `time_points` and `features` [T, 128].
enum VGGishJSON {
  private struct File: Decodable {
    let features: [[Float]]
  }

  /// Throws `Problem` if the file has another content.
  static func spectrogram(_ url: URL) throws -> Spectrogram {
    guard let text = try StoredFile.text(url),
      let rows = try? JSONDecoder().decode(File.self, from: Data(text.utf8)).features
    else { throw Problem(url.path, "not VGGish JSON; expected features with 128 codes per row") }
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == VGGishCodes.bands }) else {
      throw Problem(url.path, "\(rows.count) rows; expected some, each of 128 codes")
    }
    let codes = rows.flatMap { $0 }
    guard codes.allSatisfy({ (0...255).contains($0) }) else {
      throw Problem(url.path, "a code outside 0…255; expected 8-bit codes")
    }
    return VGGishCodes.spectrogram(codes[...], frames: rows.count)
  }
}
