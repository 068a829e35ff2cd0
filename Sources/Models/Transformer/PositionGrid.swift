// Learned positions for inputs of another length than they were learned on.
import Autograd

/// Position embeddings [1, 2 + F·T, width] of F rows of patches, each with T places in time.
/// Paper: Gong, Chung & Glass 2021, arXiv:2104.01778, as in their code: fewer places are cut out of
/// the middle; more are interpolated linearly, as PyTorch does without aligned corners.
struct PositionGrid {
  private let values: [Float]
  private let rows, places, width: Int

  /// `bands` of the input; the file must have been trained on as many. Throws `Problem`.
  init(_ embeddings: Tensor, bands: Int, of weights: WeightTable) throws {
    let shape = embeddings.shape
    rows = Self.count(bands)
    guard shape.count == 3, shape[0] == 1, shape[1] > PatchEmbeddings.tokens,
      (shape[1] - PatchEmbeddings.tokens).isMultiple(of: rows)
    else {
      throw weights.error(
        "positions \(shape) are no grid of \(rows) rows; expected [1, 2 + \(rows)·T, width]")
    }
    places = (shape[1] - PatchEmbeddings.tokens) / rows
    width = shape[2]
    values = embeddings.values
  }

  private static func count(_ length: Int) -> Int {
    (length - PatchEmbeddings.size) / PatchEmbeddings.stride + 1
  }

  /// For an input of `frames` frames.
  func fitted(toFrames frames: Int) -> Tensor {
    let wanted = Self.count(frames)
    let kept = values[..<(PatchEmbeddings.tokens * width)]
    let grid = (0..<rows).flatMap { row in
      (0..<wanted).flatMap { place in
        wanted <= places
          ? embedding(row, place + places / 2 - wanted / 2) : stretched(row, place, to: wanted)
      }
    }
    return Tensor(kept + grid, [1, PatchEmbeddings.tokens + rows * wanted, width])
  }

  private func embedding(_ row: Int, _ place: Int) -> ArraySlice<Float> {
    let start = (PatchEmbeddings.tokens + row * places + place) * width
    return values[start..<start + width]
  }

  private func stretched(_ row: Int, _ place: Int, to wanted: Int) -> ArraySlice<Float> {
    let source = max(0, (Float(place) + 0.5) * Float(places) / Float(wanted) - 0.5)
    let left = min(Int(source), places - 1)
    let share = source - Float(left)
    let pair = zip(embedding(row, left), embedding(row, min(left + 1, places - 1)))
    return pair.map { $0 * (1 - share) + $1 * share }[...]
  }
}
