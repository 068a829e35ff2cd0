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
