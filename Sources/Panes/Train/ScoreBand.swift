// The band of a score, as screens say it.
import Canvas
import Lab

extension EvalEnd {
  /// "0.05-0.93": where the metric lies whatever the missing labels are; nil where none is missing.
  func band(_ metric: String) -> String? {
    guard let bounds = bounds?[metric], bounds.count == 2 else { return nil }
    return "\(bounds[0].fixed(2))-\(bounds[1].fixed(2))"
  }
}
