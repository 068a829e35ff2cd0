// What is remembered of sounds: lengths and digests, as long as the files are not touched.
import Acoustics
import Datasets
import Foundation
import Testing

@Suite struct SoundIndexTests {
  private let scratch: Scratch
  private var settings: DatasetSettings {
    DatasetSettings(root: scratch.url, cache: scratch.url.appendingPathComponent("cache"))
  }

  init() throws {
    scratch = try Scratch()
    var rows = "filename,split,x\n"
    for i in 0..<4 {
      try scratch.tone("\(i).wav", hertz: 200 + 100 * Double(i))
      rows += "\(i).wav,\(i < 3 ? "train" : "test"),\(i % 2)\n"
    }
    try scratch.text("labels.csv", rows)
  }

  /// The set, and how many headers were read for it.
  private func open() throws -> (set: Folder, headers: Int) {
    let counter = Counter()
    let set = try Folder(settings) { what, done, _ in
      if what == "Reading sound headers" { counter.note(done) }
      return true
    }
    return (set, counter.highest ?? 0)
  }

  @Test func headersAreReadAgainIfAFileChanges() throws {
    #expect(try open().headers == 4)
    // Files touched within the last two seconds are not trusted.
    usleep(2_200_000)
    let first = try open()
    #expect(first.headers == 4)
    let second = try open()
    #expect(second.headers == 0)
    #expect(second.set.clips == first.set.clips && second.set.digest == first.set.digest)
    try scratch.tone("2.wav", hertz: 700, seconds: 0.75)
    let third = try open()
    #expect(third.headers == 1)
    #expect(third.set.clips[2].seconds == 0.75)
  }

  @Test func damagedRowsAreReportedAndTheirFilesReadAgain() throws {
    usleep(2_200_000)
    _ = try open()
    let folder = scratch.url.appendingPathComponent("cache/digests")
    let table = try #require(
      FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).first)
    var rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
    rows[1] = "3.wav\tno number"
    try rows.joined(separator: "\n").write(to: table, atomically: true, encoding: .utf8)
    let damaged = try open()
    #expect(damaged.headers == 1)
    let words = "sound files are read again: \(table.path): damaged rows: 1; expected name, "
    #expect(damaged.set.problems.contains { $0.hasPrefix(words) })
    let mended = try open()
    #expect(mended.headers == 0 && !mended.set.problems.contains { $0.hasPrefix(words) })
  }

  /// Features of all clips, for their sounds' digest.
  private func sounds() throws -> SoundDigest? {
    let set = try open().set
    return try FeatureStore(directory: settings.cache).features(
      of: set.clips, by: FrontEnd.band, threads: 2, progress: nil
    ).sounds
  }

  @Test func digestShowsWhichSplitChanged() throws {
    let first = try #require(try sounds())
    #expect(try sounds() == first)
    #expect(SoundDigest(first.text) == first && SoundDigest("1-2-3") == nil)
    try scratch.tone("3.wav", hertz: 555)
    let second = try #require(try sounds())
    #expect(second.differences(from: first) == [.test])
    try scratch.text("0.wav", "no sound")
    let third = try #require(try sounds())
    #expect(third.differences(from: second) == [.train])
  }

  @Test func digestIncludesTheLastByteOfALongFile() throws {
    try scratch.tone("0.wav", hertz: 300, seconds: 40)
    let first = try #require(try sounds())
    let url = scratch.url.appendingPathComponent("0.wav")
    var bytes = try Data(contentsOf: url)
    #expect(bytes.count > 1 << 20)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: url)
    #expect(try #require(try sounds()).differences(from: first) == [.train])
  }

  /// A file that is there and whose bytes cannot be had: reading it gives EIO.
  @Test func unreadableFilesAreNotTreatedAsMissing() throws {
    let scratch = try Corpus.openMIC.written()
    try scratch.link("class-map.json", to: URL(fileURLWithPath: "/proc/self"), "mem")
    let text = message {
      _ = try DatasetCatalog.open("openmic2018", DatasetSettings(root: scratch.url))
    }
    #expect(text.contains("class-map.json: cannot be looked at (Input/output error)"), "\(text)")
  }
}
