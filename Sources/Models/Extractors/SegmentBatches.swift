// A network over the segments of a clip, a few at a time, so that an hour needs no more memory than
// a minute.
import Acoustics
import Autograd

package enum Segments {
  /// Embeddings `[D, T]` of T = `count` segments. `input` gives those of a range as one batch,
  /// `network` maps it to `[range.count, D]`.
  package static func embed(
    _ count: Int, batch: Int, input: (Range<Int>) throws -> Tensor, network: (Tensor) -> Tensor
  ) rethrows -> Spectrogram {
    var rows: [Float] = []
    for start in stride(from: 0, to: count, by: batch) {
      rows += network(try input(start..<min(count, start + batch))).values
    }
    return Spectrogram(rows: rows, count: count)
  }

  /// Patches of `length` frames of a spectrogram as a batch [range.count, length, M]. Patch i
  /// starts at frame i · hop; without a hop it starts where the one before it ends. Frames beyond
  /// the end are 0.
  package static func patches(
    _ spectrogram: Spectrogram, _ range: Range<Int>, length: Int, hop: Int? = nil
  ) -> Tensor {
    let (bands, hop) = (spectrogram.bands, hop ?? length)
    var values = [Float](repeating: 0, count: range.count * length * bands)
    for (place, patch) in range.enumerated() {
      let start = patch * hop
      for frame in start..<max(start, min(spectrogram.frames, start + length)) {
        let row = (place * length + frame - start) * bands
        for band in 0..<bands { values[row + band] = spectrogram[band, frame] }
      }
    }
    return Tensor(values, [range.count, length, bands])
  }
}

extension Spectrogram {
  /// `rows`: `count` segments of D values each, [count, D]. The result is [D, count].
  init(rows: [Float], count: Int) {
    let width = rows.count / max(count, 1)
    var values = [Float](repeating: 0, count: rows.count)
    for row in 0..<count {
      for column in 0..<width { values[column * count + row] = rows[row * width + column] }
    }
    self.init(bands: width, frames: count, values: values)
  }
}
