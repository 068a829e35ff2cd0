import Canvas
import Lab

/// What the program is doing, as the header says it. A word first, a colour second.
public enum Status: String, Sendable, CaseIterable {
  case empty, idle, preparing, running, pausing, paused, stepping, evaluating, stopping, done,
    failed, stale, replaying

  public var word: String {
    switch self {
    case .empty: "EMPTY"
    case .idle: "IDLE"
    case .preparing: "PREP"
    case .running: "RUN"
    case .pausing: "PAUSING"
    case .paused: "PAUSE"
    case .stepping: "STEP"
    case .evaluating: "EVAL"
    case .stopping: "STOPPING"
    case .done: "DONE"
    case .failed: "FAILED"
    case .stale: "STALE"
    case .replaying: "REPLAY"
    }
  }

  func glyph(_ glyphs: GlyphSet) -> Character {
    switch self {
    case .empty, .idle: glyphs.idle
    case .preparing: glyphs.ellipsis
    case .running, .evaluating: glyphs.running
    case .pausing, .paused, .stepping: glyphs.paused
    case .stopping, .done: glyphs.stopped
    case .failed: glyphs.failed
    case .stale: "?"
    case .replaying: glyphs.pick("↺", "@")
    }
  }

  var role: Role {
    switch self {
    case .empty, .idle: .muted
    case .preparing, .running, .evaluating, .done: .good
    case .pausing, .paused, .stepping, .stopping, .stale, .replaying: .warn
    case .failed: .fault
    }
  }
}

extension Workbench {
  public var status: Status {
    if replay != nil { return .replaying }
    if silence != nil { return .stale }
    switch run.lifecycle.state {
    case .preparing: return .preparing
    case .running: return .running
    case .pausing: return .pausing
    case .paused: return isStepping ? .stepping : .paused
    case .evaluating: return .evaluating
    case .stopping: return .stopping
    case .done: return isStarting ? .preparing : .done
    case .failed: return isStarting ? .preparing : .failed
    case .idle:
      if isStarting || preparation != nil { return .preparing }
      return dataset == nil ? .empty : .idle
    }
  }

  /// Whether a run is on, so that leaving has to ask and `R` has nothing to do.
  public var isTraining: Bool {
    if isStarting { return true }
    switch (replay?.live ?? run).lifecycle.state {
    case .idle, .done, .failed: return false
    case .preparing, .running, .pausing, .paused, .evaluating, .stopping: return true
    }
  }

  /// Runs of the session that are not finished.
  public var remainingRuns: Int { session.count { $0.state != "done" } }

  /// Whether a session is open of which no run remains.
  var isFinished: Bool { !session.isEmpty && remainingRuns == 0 }

  /// What the header names: the run that is on, else the session, else the recipe.
  public var subject: String {
    if !run.run.isEmpty { return run.run }
    return sessionName ?? "\(recipe.dataset) \(recipe.method)"
  }
}
