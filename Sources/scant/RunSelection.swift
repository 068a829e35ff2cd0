/// Which runs of a session are meant, and with which settings: `--only` and `--set`.
import ArgumentParser
import Lab

struct RunSelection {
  private let wanted: [(key: String, values: [String])]

  /// `method=b1,seed=0`, comma-separated; a key named twice accepts either value.
  init(_ texts: [String]) throws {
    var wanted: [(key: String, values: [String])] = []
    for part in texts.flatMap({ $0.split(separator: ",") }) {
      let assignment = try Assignment(String(part), option: "--only")
      let isIdentity = ["dataset", "model", "method"].contains(assignment.key)
      let key = isIdentity ? "\(assignment.key).id" : assignment.key
      if let known = wanted.firstIndex(where: { $0.key == key }) {
        wanted[known].values.append(assignment.value)
      } else {
        wanted.append((key, [assignment.value]))
      }
    }
    self.wanted = wanted
  }

  /// The session with the chosen runs alone. Nothing chosen is a mistake in usage.
  func callAsFunction(_ session: Session) throws -> Session {
    var chosen = session
    for (key, values) in wanted {
      let found = Set(session.runs.compactMap { $0.recipe[key] })
      guard !found.isEmpty else {
        throw ValidationError("--only \(key): no run has this setting; expected a recipe key")
      }
      chosen.runs.removeAll { run in !values.contains { Self.equal(run.recipe[key], $0) } }
      if chosen.runs.isEmpty {
        throw ValidationError(
          "--only \(key)=\(values.joined(separator: ",")) leaves no run; "
            + "expected one of \(found.sorted().joined(separator: ", "))")
      }
    }
    return chosen
  }

  /// As numbers where both are (0.10 is 0.1), else as text.
  private static func equal(_ found: String?, _ wanted: String) -> Bool {
    guard let found else { return false }
    if let a = Double(found), let b = Double(wanted) { return a == b }
    return found == wanted
  }
}

extension Session {
  /// Every run with these settings changed (`--set`, repeatable).
  func setting(_ assignments: [String]) throws -> Session {
    try assignments.reduce(self) { session, text in
      let assignment = try Assignment(text, option: "--set")
      return try asUsage("--set") {
        try session.setting(assignment.key, to: assignment.value)
      }
    }
  }
}
