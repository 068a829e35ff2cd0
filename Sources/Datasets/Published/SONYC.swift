// SONYC-UST v2: city sounds of 10 s with tags by volunteers, some of them verified.
import Acoustics
import Formats
import Foundation

/// SONYC-UST v2 (Cartwright et al. 2020): annotations.csv of v2.3 with one row per annotator.
///
/// Labels as in Gururani & Lerch 2021. Training: a class is 1 if any volunteer heard it. Validation
/// and test: the agreed rows (annotator 0); clips without one are left out. Fine classes of a group
/// whose uncertain tag (X) is 1 are missing, as are classes without an answer.
package struct SONYC: PublishedDataset {
  package static let card = DatasetCard(
    id: "sonyc-ust-v2", title: "SONYC-UST v2",
    summary: "City sounds of 10 s, 23 fine or 8 coarse classes, tagged by volunteers",
    paper: "Cartwright et al. 2020, arXiv:2009.05188", licence: "CC BY 4.0", classes: 23,
    isBuiltIn: false,
    needs: [
      "annotations.csv of SONYC-UST v2.3, doi:10.5281/zenodo.3966543",
      "audio/*.wav of its audio-0.tar.gz … audio-18.tar.gz, for training on sound",
      "openl3/NAME.npz as the openl3 program writes them (hop 1 s), for training on embeddings",
    ],
    options: [
      DatasetOptions.seconds, DatasetOptions.seed, DatasetOptions.validationShare,
      DatasetOptions.level,
    ])

  let contents: PublishedContents

  package static let layoutMarks = ["annotations.csv", "tag_annotations.csv"]

  package static func annotations(
    _ root: URL, _ settings: DatasetSettings, thorough: Bool
  ) throws -> Annotations {
    var result = Annotations()
    result.folders = ["audio", ""] + (0..<19).map { "audio-\($0)" }
    try SONYCTaxonomy.check(root, &result.issues)
    let table = root.appendingPathComponent("annotations.csv")
    guard try StoredFile.isFile(table) else {
      try SONYCReduced.read(root, settings, thorough: thorough, &result)
      return result
    }
    result.classes = SONYCTaxonomy.classes(settings.level)
    let votes = try SONYCVotes(table, &result.issues)
    for recording in votes.recordings.sorted(by: { $0.name < $1.name }) {
      guard let labels = recording.labels(settings.level) else { continue }
      result.entries.append(
        Annotations.Entry(
          id: recording.name, files: [recording.name], split: recording.split, labels: labels,
          group: "\(recording.split.rawValue) sensor \(recording.sensor)", table: table.path,
          line: recording.line))
    }
    result.counts = counts(votes.recordings)
    return result
  }

  private static func counts(_ recordings: [SONYCRecording]) -> [DataCount] {
    let parts = Split.allCases.map { split in recordings.filter { $0.split == split } }
    return [
      DataCount(
        "recordings in train, validate and test", published: [13_538, 4_308, 664],
        found: parts.map(\.count)),
      DataCount("recordings", published: 18_510, found: recordings.count),
      DataCount(
        "sensors in train, validate and test", published: [35, 9, 48],
        found: parts.map { Set($0.map(\.sensor)).count }),
      DataCount(
        "recordings with verified labels", published: 1_380,
        found: recordings.count { $0.isVerified }),
    ]
  }

  /// OpenL3: `[D, T]` per clip, from `openl3/NAME.npz` with the array `embedding` [T, D].
  package func embeddings(of extractor: String) throws -> Features? {
    guard extractor == "openl3" else { return nil }
    return try contents.features(
      extractor, in: "openl3",
      file: { ($0 as NSString).deletingPathExtension + ".npz" },
      read: { try OpenL3File.spectrogram(try NPZ($0), path: $0.path) })
  }
}

/// The file that the `openl3` program writes for every sound.
package enum OpenL3File {
  /// `[D, T]`. Throws `Problem`.
  package static func spectrogram(
    _ archive: any ArrayArchive, path: String
  ) throws -> Spectrogram {
    guard let array = try archive.numbers("embedding"), array.shape.count == 2,
      array.shape.allSatisfy({ $0 > 0 })
    else { throw Problem(path, "no array embedding of two dimensions; expected [T, D]") }
    let (frames, bands) = (array.shape[0], array.shape[1])
    var values = [Float](repeating: 0, count: frames * bands)
    for t in 0..<frames {
      for d in 0..<bands { values[d * frames + t] = array.values[t * bands + d] }
    }
    return Spectrogram(bands: bands, frames: frames, values: values)
  }
}
