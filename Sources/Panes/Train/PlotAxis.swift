import Foundation
import Lab

/// The x axis that the plots of 3 Train share: what it counts, how far it reaches, which part of it
/// is shown. Places on it are shares, 0 at the start and 1 at the planned end.
struct PlotAxis {
  private let kind: TrainState.XAxis
  private let run: RunState
  private let train: TrainState
  /// From the first to the last x there will be, in the unit of the axis.
  let whole: ClosedRange<Double>

  init(_ bench: Workbench) {
    (kind, run, train) = (Self.kind(bench), bench.run, bench[.train])
    let planned = run.started?.plannedSteps ?? run.progress?.plannedSteps ?? 0
    let last = max(1, planned, run.step)
    let low = kind == .log ? 1.0 : 0
    let end = kind == .time ? Self.seconds(run, of: last) : Self.scale(kind, run) * Double(last)
    whole = low...max(low + 1e-9, end)
  }

  /// The chosen one. A log of another program has no labels and no length of an epoch, and a table
  /// no times.
  private static func kind(_ bench: Workbench) -> TrainState.XAxis {
    let chosen = bench[.train].xAxis
    guard bench.showsOtherLog else { return chosen }
    let hasTimes = bench.run.t > 0
    return chosen == .log || chosen == .time && hasTimes ? chosen : .step
  }

  var isLogarithmic: Bool { kind == .log }
  var name: String { kind == .log ? "step" : kind.rawValue }

  /// The part of the axis that is drawn.
  var shown: ClosedRange<Double> {
    guard train.zoom > 1 else { return whole }
    let window = shownShares
    return x(at: window.lowerBound)...x(at: window.upperBound)
  }

  /// The share of the whole axis at a share of what is shown.
  func share(_ part: Double) -> Double {
    let shown = train.zoom > 1 ? shownShares : 0...1
    return shown.lowerBound + part * (shown.upperBound - shown.lowerBound)
  }

  /// Around the cursor; without one, pages that hold the newest step, so that new points append
  /// and old ones stay.
  private var shownShares: ClosedRange<Double> {
    let width = 1 / train.zoom
    guard let cursor = train.inspect else {
      let page = (newest / (width / 2)).rounded(.down) * (width / 2)
      let start = min(1 - width, max(0, page - width / 2))
      return start...start + width
    }
    let start = min(1 - width, max(0, cursor - width / 2))
    return start...start + width
  }

  /// The share at which the newest step lies.
  var newest: Double {
    let x = position(run.step)
    let (low, high) = (whole.lowerBound, whole.upperBound)
    guard isLogarithmic else { return min(1, max(0, (x - low) / (high - low))) }
    return high > 1 ? min(1, max(0, log(max(1, x)) / log(high))) : 1
  }

  func x(at share: Double) -> Double {
    let (low, high) = (whole.lowerBound, whole.upperBound)
    return isLogarithmic ? pow(high, share) : low + share * (high - low)
  }

  /// Where a step lies, in the unit of the axis.
  func position(_ step: Int) -> Double {
    kind == .time ? run.seconds(at: step) : Double(step) * Self.scale(kind, run)
  }

  // MARK: units

  private static func scale(_ kind: TrainState.XAxis, _ run: RunState) -> Double {
    guard let started = run.started else { return 1 }
    let steps = Double(max(1, started.stepsPerEpoch))
    switch kind {
    case .epoch: return 1 / steps
    case .labels: return Double(max(1, started.observed)) / steps
    case .step, .time, .log: return 1
    }
  }

  /// The duration of the whole run at its pace so far, rounded, so that the axis rarely changes.
  private static func seconds(_ run: RunState, of steps: Int) -> Double {
    let elapsed = Double(run.t) / 1e9
    guard run.step > 0, elapsed > 0 else { return 1 }
    let wanted = run.ended == nil ? elapsed * Double(steps) / Double(run.step) : elapsed
    let power = pow(10, log10(wanted).rounded(.down))
    return ([1, 1.5, 2, 3, 4, 5, 7, 10].first { $0 * power >= wanted } ?? 10) * power
  }
}

extension Series {
  /// Indices of the points in a range of an axis, and one beyond it on both sides, so that lines
  /// reach the edge.
  func indices(on axis: PlotAxis) -> Range<Int> {
    let range = axis.shown
    guard range != axis.whole else { return 0..<count }
    let start = first { axis.position(Int($0)) >= range.lowerBound }
    let end = first { axis.position(Int($0)) > range.upperBound }
    return max(0, start - 1)..<min(count, end + 1)
  }

  /// The first index whose step satisfies what all later ones do as well.
  private func first(where isThere: (UInt32) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isThere(steps[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
