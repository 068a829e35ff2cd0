import Lab

/// A question with a few answers, each with its own letter. `esc` always means "stay".
struct Menu: Sendable, Equatable {
  struct Choice: Sendable, Equatable {
    var key: Character
    var title: String
    var effects: [Effect]
  }

  var title: String
  var choices: [Choice]
  var cursor = 0

  /// Asked by `S`.
  static let stop = Menu(
    title: "stop the run",
    choices: [
      Choice(
        key: "e", title: "finish the batch, checkpoint, evaluate, end",
        effects: [.engine(.stop(.evaluate))]),
      Choice(
        key: "a", title: "finish the epoch, then end", effects: [.engine(.stop(.afterEpoch))]),
      Choice(
        key: "b", title: "finish the batch, checkpoint, end",
        effects: [.engine(.stop(.afterBatch))]),
      Choice(
        key: "n", title: "stop now, keep the last checkpoint", effects: [.engine(.stop(.now))]),
      Choice(key: "s", title: "stay: go on training", effects: []),
    ])

  /// Asked by `q` while a run is on.
  static let quit = Menu(
    title: "a run is training",
    choices: [
      Choice(
        key: "c", title: "checkpoint and quit (R resumes it later)",
        effects: [.engine(.shutDown), .quit]),
      Choice(
        key: "k", title: "stop now and quit, keep the last checkpoint",
        effects: [.engine(.stop(.now)), .quit]),
      Choice(key: "s", title: "stay", effects: []),
    ])
}
