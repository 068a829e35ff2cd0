// From what networks yield, a row a segment, to what the feature cache keeps, a column a segment.
import Acoustics

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
