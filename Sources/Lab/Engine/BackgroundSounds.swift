// Makes the sounds of a data set while a run trains, so that a later run need not wait for them.
import Datasets
import Foundation
import Synchronization

/// Works on one thread of the lowest priority, which leaves the processor to the training.
final class BackgroundSounds: Sendable {
  private struct State {
    /// The recipe whose data set is wanted; nil if nothing is wanted.
    var wanted: Recipe?
    var isWorking = false
    /// Another one makes sounds, which this would slow down.
    var isHeld = false
  }

  private let state = Mutex(State())
  private let cache: URL?
  private let report: @Sendable (Preparation?) -> Void

  /// `cache`: the folder of rendered clips; nil is `$XDG_CACHE_HOME/scant`. `report`: called with
  /// the progress, and with nil when nothing more is made.
  init(cache: URL?, report: @escaping @Sendable (Preparation?) -> Void) {
    (self.cache, self.report) = (cache, report)
  }

  func want(_ recipe: Recipe) {
    state.withLock { $0.wanted = recipe }
    work()
  }

  /// Stops until `goOn`; what is finished stays.
  func hold() { state.withLock { $0.isHeld = true } }

  func goOn() {
    state.withLock { $0.isHeld = false }
    work()
  }

  func end() { state.withLock { $0.wanted = nil } }

  private func work() {
    let begins = state.withLock { state in
      guard state.wanted != nil, !state.isHeld, !state.isWorking else { return false }
      state.isWorking = true
      return true
    }
    guard begins else { return }
    let thread = Thread { [self] in
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
      make()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  private func make() {
    guard let recipe = state.withLock({ $0.wanted }) else { return finish() }
    do {
      let settings = DatasetSettings(recipe.data, cache: cache)
      let dataset = try DatasetCatalog.open(recipe.dataset, settings, progress: nil)
      let clock = PreparationClock.handler { [self] preparation in
        report(preparation)
        return state.withLock { $0.wanted == recipe && !$0.isHeld }
      }
      try dataset.makeSounds(of: nil, threads: 1, progress: clock)
      state.withLock { if $0.wanted == recipe { $0.wanted = nil } }
    } catch {
      // A training that needs these sounds reports what is wrong with them.
      state.withLock { if !$0.isHeld { $0.wanted = nil } }
    }
    finish()
  }

  private func finish() {
    state.withLock { $0.isWorking = false }
    report(nil)
    work()
  }
}
