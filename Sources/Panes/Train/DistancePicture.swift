import Lab

/// Two arrangements of the same clips, in one order, ready to be drawn side by side.
///
/// The order is a walk from the first clip to the nearest one not visited yet, by the extractor's
/// distances: groups that it hears as alike become blocks on the diagonal, and as its distances
/// never change, neither does the order.
struct DistancePicture {
  let count: Int
  /// Places in the report, in the order shown.
  let order: [Int]
  /// [N, N] each, row-major, in that order; `gap` is ours − theirs.
  let ours, theirs, gap: [Float]
  /// The largest distance of both: they share a scale.
  let top: Float

  /// Nil where the report holds no square matrices.
  init?(_ distances: Distances) {
    guard let count = distances.size else { return nil }
    let order = Self.walk(distances.theirs, count)
    func sorted(_ values: [Float]) -> [Float] {
      order.flatMap { row in order.map { values[row * count + $0] } }
    }
    self.count = count
    self.order = order
    ours = sorted(distances.ours)
    theirs = sorted(distances.theirs)
    gap = zip(ours, theirs).map { $0 - $1 }
    top = (ours + theirs).filter(\.isFinite).max() ?? 1
  }

  private static func walk(_ distances: [Float], _ count: Int) -> [Int] {
    var left = Array(1..<max(1, count)), order = [0]
    while let here = order.last, !left.isEmpty {
      let near = left.indices.min { a, b in
        distances[here * count + left[a]] < distances[here * count + left[b]]
      }
      order.append(left.remove(at: near ?? 0))
    }
    return order
  }

  /// The clip nearest to the one on this line, and how far it lies; nil where there is no other.
  func nearest(to line: Int, in values: [Float]) -> (line: Int, distance: Float)? {
    let others = (0..<count).filter { $0 != line }
    return others.min { values[line * count + $0] < values[line * count + $1] }
      .map { ($0, values[line * count + $0]) }
  }
}
