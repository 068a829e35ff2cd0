import Canvas
import Lab

/// The curves of a log of another program on 3 Train. Names stay as they are: curves whose name
/// says loss are drawn together, all others one quantity at a time, as training and validation.
enum OtherLogCurves {
  /// Of losses, those of training first.
  static func losses(_ run: RunState) -> [String] {
    sorted(run.series.keys.filter(CurveName.isLoss))
  }

  /// Quantities that are no losses, each with its curves. The number of the epoch is none.
  static func choices(_ run: RunState) -> [MetricChoice] {
    let names = run.series.keys.filter { !CurveName.isLoss($0) && $0 != "epoch" }
    let groups = Dictionary(grouping: names, by: group)
    return groups.values.map(sorted).sorted { ($0.first ?? "") < ($1.first ?? "") }
      .map { MetricChoice(title: $0.first ?? "", series: $0, isScore: false) }
  }

  /// Curves that share it are drawn together; a name without another word stands alone.
  private static func group(_ name: String) -> String {
    let quantity = CurveName.quantity(name)
    return quantity.isEmpty ? name : quantity
  }

  private static func sorted(_ names: [String]) -> [String] {
    names.sorted {
      let (first, second) = (CurveName.isValidation($0), CurveName.isValidation($1))
      return first == second ? $0 < $1 : second
    }
  }

  /// The newest value of each curve, in place of scores.
  static func lastValues(_ run: RunState, height: Int, width: Int) -> [StyledText] {
    let names = run.series.keys.filter { $0 != "epoch" }.sorted()
    guard !names.isEmpty else { return [StyledText("no scalar yet", .muted)] }
    let room = max(4, width - 10)
    let shown = names.prefix(names.count > height ? max(1, height - 1) : height)
    let lines = shown.map { name in
      let value = run.series[name]?.last.map { Double($0.value).short } ?? "-"
      return StyledText("\(name.visible.padded(to: room)) \(value.padded(to: 9, .right))")
    }
    let more = names.count - shown.count
    return lines + (more > 0 ? [StyledText("and \(more.of("other"))", .muted)] : [])
  }

  static let hints: [Action.ID] = [
    .logY, .smoothing, .xAxis, .inspect, .zoomIn, .fullScreen, .nextPane, .showSessions, .warnings,
  ]

  /// The row under the header.
  static func facts(_ bench: Workbench) -> [String] {
    let run = bench.run
    let points = run.series.values.reduce(0) { $0 + $1.count }
    return [
      "step \(run.step)", "epoch \(run.epoch)", run.series.count.of("curve"),
      points.of("point"), run.otherLog?.title ?? "",
    ]
  }
}
