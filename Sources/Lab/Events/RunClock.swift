// When each step was taken: what a plot over time needs.

extension RunState {
  /// Seconds since the run started when `step` was over; between two stretches of the log in equal
  /// parts.
  public func seconds(at step: Int) -> Double {
    let (steps, times) = (clock.steps, clock.values)
    guard let last = steps.last, let end = times.last else { return 0 }
    guard step < Int(last) else { return Double(end) }
    var (low, high) = (0, steps.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if Int(steps[middle]) >= step { high = middle } else { low = middle + 1 }
    }
    let (from, start) = low == 0 ? (0, 0) : (Int(steps[low - 1]), Double(times[low - 1]))
    let share = Double(step - from) / Double(max(1, Int(steps[low]) - from))
    return start + min(1, max(0, share)) * (Double(times[low]) - start)
  }
}
