// Small data sets in the published layouts, for tests: whole ones, and with a fault planted.
import Datasets
import Formats
import Foundation

/// The text files of one data set.
struct Corpus: Sendable {
  let id: String
  var files: [String: String]
  /// Its own line of `files[name]`, counted from 1, changed.
  func replacing(_ line: Int, of name: String, with text: String) -> Corpus {
    var lines = (files[name] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    lines[line - 1] = Substring(text)
    var corpus = self
    corpus.files[name] = lines.joined(separator: "\n")
    return corpus
  }

  func adding(_ text: String, to name: String) -> Corpus {
    var corpus = self
    corpus.files[name, default: ""] += text + "\n"
    return corpus
  }

  /// Written below a temporary folder.
  func written() throws -> Scratch {
    let scratch = try Scratch()
    for (name, text) in files { try scratch.text(name, text) }
    return scratch
  }
}

extension Corpus {
  static let openMIC = Corpus(
    id: "openmic2018",
    files: [
      "partitions/split01_train.csv":
        "000046_3840\n000135_483840\n000139_119040\n000141_153600\n",
      "partitions/split01_test.csv": "000178_3840\n000308_61440\n",
      "openmic-2018-aggregated-labels.csv": """
      sample_key,instrument,relevance,num_responses
      000046_3840,clarinet,0.17105,3
      000046_3840,flute,0.5,3
      000135_483840,voice,1.0,3
      000178_3840,banjo,0.9,3

      """,
    ])

  static let dcase = Corpus(
    id: "dcase2017-task4",
    files: [
      "groundtruth_weak_label_training_set.csv": """
      2ceUOv8A3FE_20.000_30.000.wav\t20.000\t30.000\tTrain horn
      2ceUOv8A3FE_20.000_30.000.wav\t20.000\t30.000\tTrain
      -hcY8kXQj60_30.000_40.000.wav\t30.000\t40.000\tAir horn, truck horn

      """,
      "groundtruth_weak_label_testing_set.csv":
        "5pt7WZBYeeI_30.000_40.000.wav\t30.000\t40.000\tCar\n",
      "groundtruth_weak_label_evaluation_set.csv":
        "9wG6EBWr5NQ_30.000_39.000.wav\t30.000\t39.000\tBus\r\n",
    ])

  static let magnaTagATune = Corpus(
    id: "magnatagatune",
    files: [
      "annotations_final.csv": """
      "clip_id"\t"no voice"\t"guitar"\t"flute"\t"mp3_path"
      "2"\t"0"\t"1"\t"0"\t"f/a-01-x-30-59.mp3"
      "6"\t"0"\t"1"\t"0"\t"b/b-01-x-0-29.mp3"
      "10"\t"1"\t"1"\t"0"\t"b/b-01-x-29-58.mp3"
      "11"\t"0"\t"0"\t"1"\t"c/c-01-x-0-29.mp3"
      "12"\t"0"\t"0"\t"0"\t"0/d-01-x-0-29.mp3"

      """
    ])

  /// annotations.csv: train by volunteers, validation and test with and without agreed rows.
  static let sonyc = Corpus(
    id: "sonyc-ust-v2",
    files: [
      "annotations.csv":
        ([SONYCRow.header]
        + [
          SONYCRow("train", 1, "01_000001.wav", 11, ["1-1"]),
          SONYCRow("train", 1, "01_000001.wav", 12, ["5-3", "2-X"]),
          SONYCRow("train", 1, "01_000001.wav", -3, ["8-1"]),
          SONYCRow("train", 2, "02_000002.wav", 11, []),
          SONYCRow("validate", 3, "03_000003.wav", 11, ["8-1"]),
          SONYCRow("validate", 3, "03_000004.wav", 11, ["8-1"]),
          SONYCRow("validate", 3, "03_000004.wav", 0, ["7-1"]),
          SONYCRow("test", 4, "04_000005.wav", 0, ["1-X"]),
        ].map(\.text)).joined(separator: "\n") + "\n"
    ])

  /// Four clips of three videos; the embeddings are written by `writtenWithCodes`.
  static let audioSet = Corpus(
    id: "audioset-vggish",
    files: [
      "aa.labels.csv": """
      video_id,start_s,end_s,labels,num_frames
      aaLnozgTQMY,30.0,40.0,0;2,10
      aaWVkb8iv3o,30.0,40.0,0,10
      aaWVkb8iv3o,50.0,60.0,1,4
      aa_Vkb8iv3o,30.0,40.0,2,10

      """,
      "class_labels_indices.csv": """
      index,mid,display_name
      0,/m/09x0r,"Speech"
      1,/m/05zppz,"Male speech, man speaking"
      2,/m/02zsn,"Female speech, woman speaking"

      """,
    ])

  /// Code b + t at band b of frame t, nothing after a clip's last frame.
  func writtenWithCodes(frames: [Int] = [10, 10, 4, 10]) throws -> Scratch {
    let scratch = try written()
    let values = frames.flatMap { count in
      (0..<10).flatMap { t in (0..<128).map { b in t < count ? Float(b + t) : 0 } }
    }
    try NPY.write(
      values, shape: [frames.count, 10, 128],
      to: scratch.url.appendingPathComponent("aa.embedding.npy"))
    return scratch
  }
}

/// One row of annotations.csv: 0 in every column but those of `heard`.
struct SONYCRow {
  let split: String
  let sensor: Int
  let file: String
  let annotator: Int
  /// Tags such as "1-X".
  let heard: Set<String>

  init(_ split: String, _ sensor: Int, _ file: String, _ annotator: Int, _ heard: Set<String>) {
    (self.split, self.sensor, self.file) = (split, sensor, file)
    (self.annotator, self.heard) = (annotator, heard)
  }

  static let fine = [
    "1-1_small-sounding-engine", "1-2_medium-sounding-engine", "1-3_large-sounding-engine",
    "1-X_engine-of-uncertain-size", "2-1_rock-drill", "2-2_jackhammer", "2-3_hoe-ram",
    "2-4_pile-driver", "2-X_other-unknown-impact-machinery", "3-1_non-machinery-impact",
    "4-1_chainsaw", "4-2_small-medium-rotating-saw", "4-3_large-rotating-saw",
    "4-X_other-unknown-powered-saw", "5-1_car-horn", "5-2_car-alarm", "5-3_siren",
    "5-4_reverse-beeper", "5-X_other-unknown-alert-signal", "6-1_stationary-music",
    "6-2_mobile-music", "6-3_ice-cream-truck", "6-X_music-from-uncertain-source",
    "7-1_person-or-small-group-talking", "7-2_person-or-small-group-shouting", "7-3_large-crowd",
    "7-4_amplified-speech", "7-X_other-unknown-human-voice", "8-1_dog-barking-whining",
  ]
  static let coarse = [
    "1_engine", "2_machinery-impact", "3_non-machinery-impact", "4_powered-saw", "5_alert-signal",
    "6_music", "7_human-voice", "8_dog",
  ]
  static let header =
    "split,sensor_id,audio_filename,annotator_id,year,"
    + (fine + coarse).map { "\($0)_presence" }.joined(separator: ",") + ",1-1_near_proximity"

  var text: String {
    let groups = Set(heard.compactMap(\.first))
    let marks =
      Self.fine.map { heard.contains(String($0.prefix(3))) ? "1" : "0" }
      + Self.coarse.map { $0.first.map(groups.contains) == true ? "1" : "0" }
    return "\(split),\(sensor),\(file),\(annotator),2018,"
      + marks.joined(separator: ",") + ",near"
  }
}
