// Files of every kind, damaged ten thousand times: each is read, or is one clear error.
import Formats
import Foundation
import TestSupport
import Testing
import WeightImport

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
  private enum Outcome: Equatable {
    case whole, error
    /// What must not happen.
    case wrong(String)
  }

  /// Reads everything a file offers.
  private static func outcome(of bytes: [UInt8], _ name: String, limit: Int) -> Outcome {
    do {
      if name.hasSuffix("csv") {
        _ = try DelimitedText(bytes: bytes, file: name)
      } else if name.hasSuffix("tsv") {
        _ = try DelimitedText(bytes: bytes, file: name, separator: "\t", hasHeader: false)
      } else if name == "objects.npy" {
        _ = try NPY.strings(bytes, name: name)
      } else {
        if let wrong = try readWeights(bytes, name, limit: limit) { return .wrong(wrong) }
      }
    } catch let error as Problem {
      let text = error.description
      let isOneLine = !text.contains(where: \.isNewline) && text.contains("; expected")
      return isOneLine ? .error : .wrong("unclear error: \(text)")
    } catch {
      return .wrong("another error: \(error)")
    }
    return .whole
  }

  private static func readWeights(
    _ bytes: [UInt8], _ name: String, limit: Int
  ) throws -> String? {
    var firstError: (any Error)?
    let file = try WeightFile(bytes, name: name)
    for tensor in file.tensors {
      do {
        let count = try tensor.values().count
        if count != tensor.count { return "\(tensor.name): \(count) values for \(tensor.shape)" }
        if count > limit { return "\(tensor.name): \(count) values out of a small file" }
      } catch {
        firstError = firstError ?? error
      }
    }
    if name.hasSuffix("npz") {
      let archive = try NPZ(bytes, name: name)
      for array in archive.names where file[array] == nil { _ = try archive.strings(array) }
    }
    if let firstError { throw firstError }
    return nil
  }

  private static func corpus() throws -> [(name: String, bytes: [UInt8])] {
    let names = [
      "plain.npz", "packed.npz", "objects.npy", "zip.pth", "legacy.pth", "keras.h5", "keras.h5.gz",
      "chunked.h5", "latest.h5", "many.h5", "plain.h5",
    ]
    var corpus = try names.map { ($0, [UInt8](try Data(contentsOf: FormatFiles.url($0)))) }
    try withTemporaryFolder { folder in
      let tensors = folder.appendingPathComponent("a.safetensors")
      let entries = ["a": Safetensors.Entry(shape: [2, 3], values: FormatFiles.counting(6))]
      try Safetensors.write(entries, metadata: ["k": "v"], to: tensors)
      corpus.append(("a.safetensors", [UInt8](try Data(contentsOf: tensors))))
      let array = folder.appendingPathComponent("a.npy")
      try NPY.write(FormatFiles.counting(6), shape: [2, 3], to: array)
      corpus.append(("a.npy", [UInt8](try Data(contentsOf: array))))
    }
    let table = "\u{feff}name,\"a \"\"quoted\"\" one\",c\r\nx,\"1,5\",\r\n\"two\nlines\",2,é\n"
    corpus.append(("a.csv", Array(table.utf8)))
    corpus.append(("a.tsv", Array("-- 1.wav\t0.0\t10.0\tTrain horn\n-- 2.wav\t\t1\tx\n".utf8)))
    return corpus
  }

  /// 15 files, 667 times each; about three seconds of work in all.
  @Test(.timeLimit(.minutes(5)))
  func tenThousandDamagedFiles() throws {
    let corpus = try Self.corpus()
    let rounds = 10_000 / corpus.count + 1
    let before = residentPeak()
    var unharmed = 0
    var slowest = 0.0
    for (number, file) in corpus.enumerated() {
      for round in 0..<rounds {
        var damage = Damage(seed: UInt64(number << 32 | round))
        let bytes = damage.apply(to: file.bytes)
        let start = processorSeconds()
        switch Self.outcome(of: bytes, file.name, limit: 2 << 20) {
        case .whole: unharmed += 1
        case .error: break
        case .wrong(let what): Issue.record("\(file.name), round \(round): \(what)")
        }
        slowest = max(slowest, processorSeconds() - start)
      }
    }
    #expect(unharmed > 500, "damage should sometimes leave something to read")
    #expect(slowest < 2, "the slowest file took \(slowest) s of a processor")
    #expect(residentPeak() - before < 256 << 20)
  }

  /// Undamaged, the corpus is read without a word.
  @Test func corpusIsValid() throws {
    for file in try Self.corpus() {
      let outcome = Self.outcome(of: file.bytes, file.name, limit: 1 << 20)
      #expect(outcome == .whole, "\(file.name)")
    }
  }

  /// What this thread computed, whatever else the machine does.
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory this process ever held, in bytes.
  private func residentPeak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
