// The real label tables that lie beside the checkout: right counts, nothing wrong, soon read.
import Datasets
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isPresent, "shared data absent"), .serialized)
struct SharedTablesTests {
  private func labels(_ path: String) -> DatasetSettings {
    DatasetSettings(root: SharedData.data("labels/\(path)"))
  }

  /// A check without anything wrong.
  private func sound(_ id: String, _ settings: DatasetSettings) throws -> DataReport {
    let report = try DataCheck.report(id, settings)
    #expect(!report.isWrong, "\(report.issues)")
    #expect(report.issues.allSatisfy { $0.severity == .warning })
    return report
  }

  private func found(_ report: DataReport, _ what: String) -> [Int]? {
    report.counts.first { $0.what == what }?.found
  }

  /// Of this thread alone: other tests run beside it.
  private func seconds(_ work: () throws -> Void) rethrows -> Double {
    var times = (timespec(), timespec())
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &times.0)
    try work()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &times.1)
    let (begin, end) = times
    return Double(end.tv_sec - begin.tv_sec) + Double(end.tv_nsec - begin.tv_nsec) * 1e-9
  }

  @Test func dcase() throws {
    let report = try sound("dcase2017-task4", labels("dcase2017-task4"))
    #expect(found(report, "rows and clips of the training list") == [56_131, 51_172])
    #expect(found(report, "rows and clips of the testing list") == [606, 488])
    #expect(found(report, "training rows of Car and Car alarm") == [25_077, 180])
    #expect(report.clips.reduce(0, +) == 51_660 && report.clips[2] == 488)
    #expect(report.classes.allSatisfy { $0.observed == 1 })
    let car = try #require(report.classes.first { $0.name == "Car" })
    #expect(car.positives[0] + car.positives[1] == 25_077)
    #expect(
      report.issues.map(\.message) == ["audio: 0 of 51660 files found; only the labels are read"])
  }

  @Test func sonycWithoutSplits() throws {
    let report = try sound("sonyc-ust-v2", labels("sonyc-ust-v2"))
    #expect(report.clips.reduce(0, +) == 15_196)
    #expect(report.classes.map(\.name).first == "engine" && report.classes.count == 8)
    // Counted apart from this code: recordings in which anybody heard the class.
    let heard = report.classes.map { $0.positives.reduce(0, +) }
    #expect(heard == [8322, 2943, 1798, 1535, 3880, 1298, 5784, 1039])
    #expect(report.classes.allSatisfy { $0.observed == 1 })
    #expect(report.layout.hasPrefix("reduced"))
    let set = try DatasetCatalog.open("sonyc-ust-v2", labels("sonyc-ust-v2"))
    for (_, members) in Dictionary(grouping: set.clips, by: \.group) {
      #expect(Set(members.map(\.split)).count == 1)
    }
    let shares = report.clips.map { Double($0) / 15_196 }
    #expect((0.55...0.75).contains(shares[0]) && (0.1...0.2).contains(shares[1]), "\(shares)")
  }

  @Test func magnaTagATuneReduced() throws {
    let report = try sound("magnatagatune", labels("mtat"))
    // 19,718 clips with one of the 20 tags, 68 that only the list of 50 tags has.
    #expect(report.clips == [14_789 + 53, 2_958 + 10, 1_971 + 5])
    #expect(report.classes.map(\.name).prefix(3) == ["guitar", "classical", "slow"])
    #expect(found(report, "rows of the index") == [25_863])
  }

  @Test func audioSet() throws {
    let settings = DatasetSettings(root: SharedData.data("embeddings/audioset-vggish"))
    let report = try sound("audioset-vggish", settings)
    #expect(report.clips.reduce(0, +) == 653)
    #expect(report.sound.named == 0)
    let set = try DatasetCatalog.open("audioset-vggish", settings)
    #expect(set.classes.contains("class 137") && set.classes.contains("class 0"))
    let features = try #require(try set.embeddings(of: "vggish"))
    #expect(features.count == 653)
    let spectrogram = try #require(features[set.clips[0].id])
    #expect(spectrogram.bands == 128 && spectrogram.frames == 10)
    #expect(spectrogram.values.allSatisfy { (0...1).contains($0) })
    #expect(try set.embeddings(of: "openl3") == nil)
  }

  @Test func openMICsSplitsWithoutLabels() throws {
    let report = try sound("openmic2018", labels("openmic2018"))
    #expect(found(report, "rows of split01, train and test") == [14_915, 5_085])
    #expect(found(report, "clips") == [20_000])
    #expect(found(report, "classes of class-map.json") == [20])
    #expect(report.counts.count == 3 && report.clips == [12_678, 2_237, 5_085])
    #expect(report.remarks.contains { $0.contains("only splits and classes checked") })
    // Training still says what is missing.
    #expect(
      message { _ = try DatasetCatalog.open("openmic2018", labels("openmic2018")) }
        .contains("no openmic-2018.npz and no openmic-2018-aggregated-labels.csv; expected one"))
  }

  @Test func openMICsOneTrackWithoutSplits() throws {
    let report = try sound("openmic2018", labels("openmic2018/sample"))
    #expect(report.clips == [1, 0, 0] && report.counts.isEmpty)
    #expect(report.sound.named == 1 && report.sound.found == 1)
    #expect(report.remarks == ["no partitions/ here: only labels checked, no splits"])
    #expect(report.classes.count { $0.observed == 1 } == 3)
    #expect(
      try DatasetCatalog.recognize(SharedData.data("labels/openmic2018/sample")) == "openmic2018")
    #expect(
      message { _ = try DatasetCatalog.open("openmic2018", labels("openmic2018/sample")) }
        .contains("split01_train.csv"))
  }

  @Test func openMICsPartitionsAndItsOneTrack() throws {
    let scratch = try Scratch()
    let real = SharedData.data("labels/openmic2018")
    for name in ["partitions", "class-map.json"] { try scratch.link(name, to: real, name) }
    for name in ["audio", "vggish", "openmic-2018-aggregated-labels.csv"] {
      try scratch.link(name, to: real.appendingPathComponent("sample"), name)
    }
    let settings = DatasetSettings(root: scratch.url)
    let report = try DataCheck.report("openmic2018", settings)
    #expect(found(report, "rows of split01, train and test") == [14_915, 5_085])
    #expect(report.clips == [12_678, 2_237, 5_085])
    // Three rows of 41,268, one sound of 20,000.
    #expect(found(report, "observed labels, train and test") == [3, 0])
    #expect(report.sound.found == 1 && report.isWrong)
    let set = try DatasetCatalog.open("openmic2018", settings)
    let clip = try #require(set.clips.first { $0.id == "000046_3840" })
    #expect(clip.labels[4] == 0 && clip.labels[0] == nil && clip.audio != nil)
    let features = try #require(try set.embeddings(of: "vggish"))
    let spectrogram = try #require(features[clip.id])
    #expect(
      spectrogram.bands == 128 && spectrogram.frames == 10 && spectrogram[0, 0] == 173.0 / 255)
  }

  /// About a second on a slow core. The bound is for reading whose time grows with the square.
  @Test func largeTablesAreReadInSeconds() throws {
    let clock = try [("dcase2017-task4", "dcase2017-task4"), ("sonyc-ust-v2", "sonyc-ust-v2")].map {
      id, path in
      try seconds { _ = try DatasetCatalog.open(id, labels(path)) }
    }
    print("reading seconds: \(clock)")
    #expect(clock.allSatisfy { $0 < 20 }, "\(clock)")
  }
}
