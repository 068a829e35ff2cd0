// The archive of OpenMIC-2018: labels where the mask says so, codes, the authors' validation clips.
import Datasets
import Foundation
import Testing

/// Arrays in memory.
private struct Arrays: ArrayArchive {
  var table: [String: (shape: [Int], values: [Float])] = [:]
  var texts: [String: [String]] = [:]

  func numbers(_ name: String) -> (shape: [Int], values: [Float])? { table[name] }

  func strings(_ name: String) -> [String]? { texts[name] }

  /// Two clips: clarinet 0.2 in the first, voice 0.75 in the second.
  static var openMIC: Arrays {
    var truth = [Float](repeating: 0.5, count: 40)
    var mask = [Float](repeating: 0, count: 40)
    (truth[4], mask[4]) = (0.2, 1)
    (truth[39], mask[39]) = (0.75, 1)
    let codes = (0..<2 * 10 * 128).map { Float($0 % 256) }
    return Arrays(
      table: [
        "Y_true": ([2, 20], truth), "Y_mask": ([2, 20], mask), "X": ([2, 10, 128], codes),
      ], texts: ["sample_key": ["000046_3840", "000178_3840"]])
  }
}

@Suite struct OpenMICArraysTests {
  private func read(_ archive: Arrays) throws -> OpenMICArrays {
    try OpenMICArrays(archive, path: "a.npz", features: true)
  }

  @Test func onlyMaskedEntriesAreObserved() throws {
    let relevance = try read(.openMIC).relevance
    let first = try #require(relevance["000046_3840"])
    #expect(first[4] == 0.2 && first.count { $0 != nil } == 1)
    #expect(relevance["000178_3840"]?[19] == 0.75)
  }

  @Test func codesBecomeBandsByFrames() throws {
    let features = try read(.openMIC).features()
    let picture = try #require(features["000178_3840"])
    #expect(picture.bands == 128 && picture.frames == 10)
    #expect(picture[3, 0] == 3.0 / 255 && picture[3, 1] == 131.0 / 255)
  }

  @Test func otherShapesAndNumbersAreRefused() {
    var archive = Arrays.openMIC
    archive.table["Y_true"] = ([2, 19], [Float](repeating: 0, count: 38))
    #expect(
      message { _ = try read(archive) } == "a.npz: Y_true has shape [2, 19]; expected [2, 20]")
    archive = .openMIC
    archive.table["X"]?.values[7] = 256
    #expect(message { _ = try read(archive) } == "a.npz: 256.0 in X; expected 0…255")
    archive = .openMIC
    archive.table["Y_mask"] = nil
    #expect(message { _ = try read(archive) }.hasPrefix("a.npz: no array Y_mask; expected"))
    archive = .openMIC
    archive.texts["sample_key"] = ["a", "a"]
    #expect(message { _ = try read(archive) }.contains("a key twice"))
  }

  @Test func validationClipsCountTheTrainingClips() throws {
    let archive = Arrays(table: ["train": ([3], [0, 3, 2]), "val": ([1], [1])])
    #expect(try OpenMICValidation.places(archive, path: "s", among: 4) == [1])
    for wrong in [["train": [0, 1], "val": [1]], ["train": [0, 9], "val": [1]], ["train": [0]]] {
      let archive = Arrays(table: wrong.mapValues { ([$0.count], $0.map { Float($0) }) })
      let text = message { _ = try OpenMICValidation.places(archive, path: "s", among: 3) }
      #expect(text.hasPrefix("s: ") && text.contains("expected"))
    }
  }

  @Test func openL3FilesAreTransposed() throws {
    let archive = Arrays(table: ["embedding": ([2, 3], [1, 2, 3, 4, 5, 6])])
    let picture = try OpenL3Files.picture(archive, path: "x.npz")
    #expect(picture.bands == 3 && picture.frames == 2 && picture.values == [1, 4, 2, 5, 3, 6])
    #expect(message { _ = try OpenL3Files.picture(Arrays(), path: "x.npz") }.contains("x.npz: "))
  }
}
