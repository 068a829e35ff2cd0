// Folders and sounds made for one test, and removed with it.
import Acoustics
import Datasets
import Foundation

/// A temporary folder; gone when the value is.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("scant-datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Half a second of a sine at `hertz`, 16 kHz; folders on the way are made.
  @discardableResult
  func tone(_ path: String, hertz: Double, seconds: Double = 0.5) throws -> URL {
    let target = try place(path)
    let samples = (0..<Int(seconds * 16_000)).map {
      Float(0.3 * sin(2 * .pi * hertz * Double($0) / 16_000))
    }
    try AudioFile.write(Waveform(samples: samples, sampleRate: 16_000), to: target)
    return target
  }

  @discardableResult
  func text(_ path: String, _ content: String) throws -> URL {
    let target = try place(path)
    try Data(content.utf8).write(to: target)
    return target
  }

  /// A symbolic link to `name` of another folder.
  func link(_ path: String, to folder: URL, _ name: String) throws {
    try FileManager.default.createSymbolicLink(
      at: try place(path), withDestinationURL: folder.appendingPathComponent(name))
  }

  private func place(_ path: String) throws -> URL {
    let target = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    return target
  }
}

/// What `work` throws, as text; empty when it does not.
func message(_ work: () throws -> Void) -> String {
  do {
    try work()
    return ""
  } catch {
    return "\(error)"
  }
}

/// Fully labelled clips of Band, without sound.
func composedClips(_ count: Int, split: Split = .train) -> [Clip] {
  let recipe = BandRecipe(seed: 1, seconds: 3)
  return (0..<count).map {
    Clip(
      id: "\(split.rawValue)/\($0)", audio: nil, split: split, seconds: 3,
      labels: recipe.score(split, $0).labels)
  }
}
