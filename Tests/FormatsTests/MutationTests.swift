// Files of every kind, damaged ten thousand times: each is read, or is one clear error.
import Formats
import Foundation
import Testing

/// SplitMix64 (Steele, Lea and Flood 2014): the same damage in every run.
private struct Damage {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  /// One to four changes: a bit, a byte, a number that lies, a piece cut out, doubled or moved,
  /// or the end cut off. Two thirds fall on the first 2 KiB, where most of the structure is.
  mutating func apply(to original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(4) where !bytes.isEmpty {
      let at = below(below(3) == 0 ? bytes.count : min(bytes.count, 2048))
      let end = min(bytes.count, at + 1 + below(64))
      switch below(9) {
      case 0, 1: bytes[at] ^= 1 << UInt8(below(8))
      case 2: bytes[at] = UInt8(truncatingIfNeeded: next())
      case 3: bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)]
      case 4: for place in at..<min(bytes.count, at + [2, 4, 8][below(3)]) { bytes[place] = 0xff }
      case 5: bytes.removeSubrange(at..<end)
      case 6: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 7:
        bytes.replaceSubrange(at..<end, with: bytes.shuffledPiece(below(bytes.count), end - at))
      default: bytes.removeLast(below(bytes.count) / 4)
      }
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate func shuffledPiece(_ start: Int, _ count: Int) -> ArraySlice<UInt8> {
    self[start..<Swift.min(self.count, start + count)]
  }
}

struct MutationTests {
  /// Reads everything a file offers. Returns nil, or what is wrong with how it failed.
  static func complaint(about url: URL, limit: Int) -> String? {
    do {
      if url.pathExtension == "csv" {
        _ = try DelimitedText.read(url)
      } else if url.pathExtension == "tsv" {
        _ = try DelimitedText.read(url, separator: "\t", hasHeader: false)
      } else if url.lastPathComponent == "objects.npy" {
        _ = try NPY.strings(url)
      } else {
        return try readWeights(url, limit: limit)
      }
    } catch let error as FormatError {
      let text = error.description
      let isOneLine = !text.contains(where: \.isNewline) && text.contains("expected")
      return isOneLine ? nil : "unclear error: \(text)"
    } catch {
      return "another error: \(error)"
    }
    return nil
  }

  private static func readWeights(_ url: URL, limit: Int) throws -> String? {
    var firstError: (any Error)?
    let file = try WeightFile(url)
    for tensor in file.tensors {
      do {
        let count = try tensor.values().count
        if count != tensor.count { return "\(tensor.name): \(count) values for \(tensor.shape)" }
        if count > limit { return "\(tensor.name): \(count) values out of a small file" }
      } catch {
        firstError = firstError ?? error
      }
    }
    if url.pathExtension == "npz" {
      let archive = try NPZ(url)
      for name in archive.names where file[name] == nil { _ = try archive.strings(name) }
    }
    if let firstError { throw firstError }
    return nil
  }

  private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
    let names = [
      "plain.npz", "packed.npz", "objects.npy", "zip.pth", "legacy.pth", "keras.h5", "keras.h5.gz",
      "chunked.h5", "latest.h5", "many.h5", "plain.h5",
    ]
    var corpus = try names.map { ($0, [UInt8](try Data(contentsOf: Golden.url($0)))) }
    try withTemporaryFolder { folder in
      let tensors = folder.appendingPathComponent("a.safetensors")
      let entries = ["a": Safetensors.Entry(shape: [2, 3], values: Golden.counting(6))]
      try Safetensors.write(entries, metadata: ["k": "v"], to: tensors)
      corpus.append(("a.safetensors", [UInt8](try Data(contentsOf: tensors))))
      let array = folder.appendingPathComponent("a.npy")
      try NPY.write(Golden.counting(6), shape: [2, 3], to: array)
      corpus.append(("a.npy", [UInt8](try Data(contentsOf: array))))
    }
    let table = "\u{feff}name,\"a \"\"quoted\"\" one\",c\r\nx,\"1,5\",\r\n\"two\nlines\",2,é\n"
    corpus.append(("a.csv", Array(table.utf8)))
    corpus.append(("a.tsv", Array("-- 1.wav\t0.0\t10.0\tTrain horn\n-- 2.wav\t\t1\tx\n".utf8)))
    return corpus
  }

  /// 15 files, 667 times each; about three seconds of work in all.
  @Test(.timeLimit(.minutes(2)))
  func tenThousandDamagedFiles() throws {
    let corpus = try Self.corpus()
    let rounds = 10_000 / corpus.count + 1
    let before = residentPeak()
    var unharmed = 0
    var slowest = Duration.zero
    try withTemporaryFolder { folder in
      for (number, file) in corpus.enumerated() {
        let url = folder.appendingPathComponent(file.name)
        for round in 0..<rounds {
          var damage = Damage(seed: UInt64(number << 32 | round))
          let bytes = damage.apply(to: file.bytes)
          try Data(bytes).write(to: url)
          let elapsed = ContinuousClock().measure {
            let complaint = Self.complaint(about: url, limit: 2 << 20)
            if let complaint { Issue.record("\(file.name), round \(round): \(complaint)") }
          }
          slowest = max(slowest, elapsed)
          if (try? WeightFile(url)) != nil { unharmed += 1 }
        }
      }
    }
    #expect(unharmed > 500, "most damage should leave something to read")
    #expect(slowest < .seconds(5))
    #expect(residentPeak() - before < 256 << 20)
  }

  /// Undamaged, the corpus is read without a word.
  @Test func theCorpusItselfIsWhole() throws {
    try withTemporaryFolder { folder in
      for file in try Self.corpus() {
        let url = folder.appendingPathComponent(file.name)
        try Data(file.bytes).write(to: url)
        #expect(Self.complaint(about: url, limit: 1 << 20) == nil, "\(file.name)")
        if !["csv", "tsv"].contains(url.pathExtension), file.name != "objects.npy" {
          #expect(throws: Never.self, "\(file.name)") { try WeightFile(url) }
        }
      }
    }
  }

  /// The most memory this process ever held, in bytes.
  private func residentPeak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
