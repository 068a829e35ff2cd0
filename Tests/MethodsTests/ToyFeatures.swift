// Features of made-up extractors, for methods that learn from them.
import Acoustics
import Autograd
import Datasets
import Layers
import Methods

enum ToyFeatures {
  /// D by extractor.
  static let sizes = ["vggish": 6, "openl3": 5]

  /// [B, D] each, drawn.
  static func embeddings(clips: Int, seed: Int) -> [String: Tensor] {
    Dictionary(
      uniqueKeysWithValues: sizes.sorted { $0.key < $1.key }.enumerated().map { place, entry in
        var generator = Generator(seed: seed, 900 + place)
        let values = (0..<clips * entry.value).map { _ in Float(generator.normal()) }
        return (entry.key, Tensor(values, [clips, entry.value]))
      })
  }

  /// What a method's model scores: the input, and behind it the features it wants joined.
  static func scored(
    _ batch: Batch, by type: any Method.Type, _ settings: Settings = Settings()
  ) -> Tensor {
    let ids = type.input(.frontEnd(.band), settings).companions
    guard !ids.isEmpty else { return batch.input }
    let own = batch.input.reshape([batch.clips.count, -1])
    return Tensor.concat([own] + ids.compactMap { batch.embeddings[$0] }, axis: 1)
  }
}
