// Runs that wait for the one at work.

extension LabEngine {
  /// Trains the recipe's run now, or behind the one that is on.
  func queue(_ recipe: Recipe, _ name: String) {
    let placed = place(recipe, as: name)
    let isBusy = state.withLock { state in
      if state.isBusy { state.waiting.append(placed) }
      return state.isBusy
    }
    guard isBusy else { return begin { [placed] } }
    mailbox.send(.notice("\(placed.run.name) is trained behind the run that is on"))
    sendSummaries()
  }

  /// The next run that waits; nil ends the work, upon which another may begin.
  func nextWaiting() -> PlacedRun? {
    state.withLock { state in
      if state.isCancelled { state.waiting = [] }
      guard !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
