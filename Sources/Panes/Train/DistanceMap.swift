import Canvas
import Lab

/// Distances between all pairs of some training clips as a heat-map: by the model's embedding, by
/// the extractor's features, or the difference between the two.
struct DistanceMap: PaneView {
  enum Kind { case own, theirs, gap }

  let bench: Workbench
  let kind: Kind

  var title: String {
    let extractor = TrainScreen.shownDistances(bench)?.extractor
    switch kind {
    case .own: return "distances: model"
    case .theirs: return "distances: \(extractor ?? "features")"
    case .gap: return "model - \(extractor ?? "features")"
    }
  }

  /// The ends of the scale.
  var note: String {
    guard let matrices else { return "" }
    switch kind {
    case .own, .theirs: return "0 to \(Double(matrices.top).fixed(2))"
    case .gap: return "-\(reach(matrices).fixed(2)) to +\(reach(matrices).fixed(2))"
    }
  }

  private var matrices: DistanceMatrices? {
    TrainScreen.shownDistances(bench).flatMap { DistanceMatrices($0) }
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard let matrices else {
      let lines = kind == .own ? TrainScreen.noDistances(bench) : []
      return grid.notice(lines.map { StyledText($0) }, in: rect)
    }
    let line = bench.cursor(.ownDistances)
    let labels = stride(from: 0, to: matrices.count, by: 8).map {
      HeatMap.Label($0, "\($0 + 1)")
    }
    let isGap = kind == .gap
    let reach = Float(reach(matrices))
    let map = HeatMap(
      rows: matrices.count, columns: matrices.count, values: values(matrices),
      range: isGap ? -reach...reach : 0...max(matrices.top, 1e-3),
      ramp: isGap ? .diverging : .sequential, rowLabels: labels, columnLabels: labels,
      cursor: bench.focused == kind.pane ? .init(row: line, column: line) : nil)
    grid.draw(map, in: rect)
  }

  private func values(_ matrices: DistanceMatrices) -> [Float] {
    switch kind {
    case .own: matrices.ours
    case .theirs: matrices.theirs
    case .gap: matrices.gap
    }
  }

  /// The largest difference either way.
  private func reach(_ matrices: DistanceMatrices) -> Double {
    max(1e-3, Double(matrices.gap.filter(\.isFinite).map(abs).max() ?? 0))
  }
}

extension DistanceMap.Kind {
  fileprivate var pane: Pane {
    switch self {
    case .own: .ownDistances
    case .theirs: .theirDistances
    case .gap: .distanceGap
    }
  }
}

/// Two arrangements of the same clips, in one order, ready to be drawn side by side.
///
/// The order is a walk from the first clip to the nearest one not visited yet, by the extractor's
/// distances: groups that it hears as alike become blocks on the diagonal, and as its distances
/// never change, neither does the order.
struct DistanceMatrices {
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

  /// The clip nearest to the one on this line, and its distance; nil without another clip.
  func nearest(to line: Int, in values: [Float]) -> (line: Int, distance: Float)? {
    let others = (0..<count).filter { $0 != line }
    return others.min { values[line * count + $0] < values[line * count + $1] }
      .map { ($0, values[line * count + $0]) }
  }
}
