import Canvas

/// The meaning of a key that several actions share. A key has one meaning on all screens: actions
/// with the same key name the same idea, and an idea has one key.
public enum KeyIdea: String, Sendable, CaseIterable {
  case add = "add what is under the cursor, or answer a missing label"
  case details = "details of what is under the cursor"
  case edit = "edit what is under the cursor"
  case filter = "filter the list"
  case group = "group: bins of the map, means of runs"
  case inspect = "inspect values along an axis"
  case less = "less: share, speed"
  case more = "more: share, speed"
  case network = "student or teacher"
  case open = "open: a session, other sound files"
  case play = "play: a sound, a recorded run"
  case sort = "sort the list"
  case take = "take away: a run, a question"
  case undo = "undo"
  case view = "the next view of the same thing"
  case xAxis = "the next x axis"
}
