// VGGish embeddings as they are published: 8-bit codes, one row of 128 a frame of 0.96 s.
import Acoustics
import Formats
import Foundation

enum VGGishCodes {
  static let bands = 128

  /// Codes `[T, 128]` to `[128, T]` of code / 255: the scaling of Gururani & Lerch 2021.
  static func picture(_ codes: ArraySlice<Float>, frames: Int) -> Spectrogram {
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

  /// Nil where the folder is missing; a clip without a file is among the problems. Throws
  /// `Problem` where a file is no such JSON.
  static func features(of clips: [Clip], in folder: URL) throws -> Features? {
    guard try StoredFile.exists(folder) else { return nil }
    var pictures: [Clip.ID: Spectrogram] = [:]
    for clip in clips {
      let url = folder.appendingPathComponent("\(clip.id.prefix(3))/\(clip.id).json")
      if try StoredFile.isFile(url) { pictures[clip.id] = try picture(url) }
    }
    let missing = clips.count - pictures.count
    let problems = missing > 0 ? ["vggish: \(pictures.count) of \(clips.count) files found"] : []
    return Features(pictures, problems: problems)
  }

  static func picture(_ url: URL) throws -> Spectrogram {
    guard let text = try StoredFile.text(url),
      let rows = try? JSONDecoder().decode(File.self, from: Data(text.utf8)).features
    else { throw Problem(url.path, "no VGGish JSON; expected features of 128 codes a row") }
    guard !rows.isEmpty, rows.allSatisfy({ $0.count == VGGishCodes.bands }) else {
      throw Problem(url.path, "\(rows.count) rows; expected some, each of 128 codes")
    }
    let codes = rows.flatMap { $0 }
    guard codes.allSatisfy({ (0...255).contains($0) }) else {
      throw Problem(url.path, "a code outside 0…255; expected 8-bit codes")
    }
    return VGGishCodes.picture(codes[...], frames: rows.count)
  }
}
