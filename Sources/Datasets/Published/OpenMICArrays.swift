// The arrays of openmic-2018.npz, and published validation clips.
import Acoustics
import Formats
import Foundation

/// N clips in the order of the archive, to which the indices in `train_val.split` refer.
package struct OpenMICArrays {
  let path: String
  package let keys: [String]
  /// [N, 20].
  private let truth, mask: [Float]
  /// [N, 10, 128]; empty if not requested.
  private let codes: [Float]

  private static let classes = 20
  private static let frames = 10
  private static let bands = 128

  /// Nil if there is no archive below `root`. `features`: reads the features too.
  init?(_ root: URL, features: Bool = false) throws {
    let url = root.appendingPathComponent("openmic-2018.npz")
    guard try StoredFile.isFile(url) else { return nil }
    try self.init(try NPZ(url), path: url.path, features: features)
  }

  /// Throws `Problem` if an array is missing or has a wrong shape or values out of range.
  package init(_ archive: any ArrayArchive, path: String, features: Bool) throws {
    self.path = path
    guard let keys = try archive.strings("sample_key") else {
      throw Problem(path, "no array sample_key; expected the keys of the clips")
    }
    guard Set(keys).count == keys.count else {
      throw Problem(path, "a key twice in sample_key; expected each once")
    }
    self.keys = keys
    let shape = [keys.count, Self.classes]
    truth = try Self.array("Y_true", shape, 0...1, archive, path)
    mask = try Self.array("Y_mask", shape, 0...1, archive, path)
    codes =
      features
      ? try Self.array("X", [keys.count, Self.frames, Self.bands], 0...255, archive, path) : []
  }

  private static func array(
    _ name: String, _ shape: [Int], _ range: ClosedRange<Float>, _ archive: any ArrayArchive,
    _ path: String
  ) throws -> [Float] {
    guard let array = try archive.numbers(name) else {
      throw Problem(path, "no array \(name); expected one of shape \(shape)")
    }
    guard array.shape == shape else {
      throw Problem(path, "\(name) has shape \(array.shape); expected \(shape)")
    }
    if let value = array.values.first(where: { !range.contains($0) }) {
      throw Problem(
        path, "\(value) in \(name); expected \(Int(range.lowerBound))…\(Int(range.upperBound))")
    }
    return array.values
  }

  /// The relevance by key; nil for classes that the mask excludes.
  package var relevance: [String: [Float?]] {
    var result: [String: [Float?]] = [:]
    for (n, key) in keys.enumerated() {
      let row = n * Self.classes..<(n + 1) * Self.classes
      result[key] = row.map { mask[$0] >= 0.5 ? truth[$0] : nil }
    }
    return result
  }

  package func features() -> Features {
    let size = Self.frames * Self.bands
    var spectrograms: [Clip.ID: Spectrogram] = [:]
    for (n, key) in keys.enumerated() where (n + 1) * size <= codes.count {
      spectrograms[key] = VGGishCodes.spectrogram(
        codes[n * size..<(n + 1) * size], frames: Self.frames)
    }
    return Features(spectrograms)
  }
}

/// The split of Gururani & Lerch 2021: an archive with the arrays `train` and `val`.
package enum OpenMICValidation {
  /// The file beside the release; nil if there is none.
  static func file(_ root: URL) throws -> URL? {
    try ["train_val.split", "partitions/train_val.split"].map { root.appendingPathComponent($0) }
      .first { try StoredFile.isFile($0) }
  }

  /// The indices of validation clips among the training clips in the order of the archive; nil if
  /// the file or the archive is missing.
  static func places(_ root: URL, among count: Int) throws -> [Int]? {
    let archive = root.appendingPathComponent("openmic-2018.npz")
    guard let url = try file(root), try StoredFile.isFile(archive) else { return nil }
    return try places(try NPZ(url), path: url.path, among: count)
  }

  /// Throws `Problem` unless `train` and `val` contain every index once.
  package static func places(
    _ archive: any ArrayArchive, path: String, among count: Int
  ) throws -> [Int] {
    let parts = try ["train", "val"].map { name -> [Int] in
      guard let array = try archive.numbers(name) else {
        throw Problem(path, "no array \(name); expected places of training clips")
      }
      return try array.values.map { value in
        guard value >= 0, value < Float(count), value == value.rounded() else {
          throw Problem(path, "\(value) in \(name); expected a place below \(count)")
        }
        return Int(value)
      }
    }
    guard Set(parts[0] + parts[1]).count == count, parts[0].count + parts[1].count == count else {
      throw Problem(
        path, "\(parts[0].count) + \(parts[1].count) places; expected each of \(count) once")
    }
    return parts[1]
  }
}

/// Named arrays of numbers or of strings.
package protocol ArrayArchive {
  /// Shape and row-major values; nil if there is no such array.
  func numbers(_ name: String) throws -> (shape: [Int], values: [Float])?
  /// Nil if there is no such array.
  func strings(_ name: String) throws -> [String]?
}

extension NPZ: ArrayArchive {
  package func numbers(_ name: String) throws -> (shape: [Int], values: [Float])? {
    names.contains(name) ? try array(name) : nil
  }

  package func strings(_ name: String) throws -> [String]? {
    names.contains(name) ? try (strings(name) as (shape: [Int], values: [String])).values : nil
  }
}
