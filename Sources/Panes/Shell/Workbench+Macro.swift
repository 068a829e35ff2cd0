import Canvas

/// Keys that are recorded once and pressed again.
struct MacroState: Sendable, Equatable {
  var keys: [Key] = []
  /// What is being recorded.
  var recording: [Key]?
  var isPlaying = false

  static let mostKeys = 500
  static let mostRounds = 99
}

extension Workbench {
  /// Adds a key to the recording, but not the one that ends it.
  mutating func note(_ key: Key) {
    guard macro.recording != nil, !macro.isPlaying else { return }
    if overlay == nil, let id = keymap.action(for: key, on: screen),
      id == .record || id == .playMacro
    {
      return
    }
    macro.recording?.append(key)
    if macro.recording?.count == MacroState.mostKeys { _ = endRecording() }
  }

  mutating func recordKeys() -> [Effect] {
    guard macro.recording != nil else {
      macro.recording = []
      return said("recording keys; the same key ends it")
    }
    return endRecording()
  }

  private mutating func endRecording() -> [Effect] {
    let keys = macro.recording ?? []
    macro.recording = nil
    guard !keys.isEmpty else { return said("nothing recorded; the keys before are kept") }
    macro.keys = keys
    return said("\(keys.count) keys recorded; @ presses them again")
  }

  mutating func playKeys() -> [Effect] {
    guard macro.recording == nil, !macro.isPlaying else {
      return said("recording; end it before playing")
    }
    guard !macro.keys.isEmpty else { return said("no keys recorded; C-r records") }
    let count = pendingCount
    if let count { screen = count.origin }
    macro.isPlaying = true
    defer { macro.isPlaying = false }
    let rounds = min(MacroState.mostRounds, max(1, count?.value ?? 1))
    self.count = nil
    let keys = macro.keys
    return (0..<rounds).flatMap { _ in keys.flatMap { handle($0) } }
  }

  /// Told on the last row while keys are recorded.
  var macroHints: [Offer] {
    guard let recording = macro.recording, let record = screens.action(.record) else { return [] }
    let key = keymap.keys(of: record, on: screen).first?.label ?? ""
    return [Offer(key, "ends recording (\(recording.count))", .action(.record))]
  }
}
