/// A person's `config.yaml` as the workbench uses it: read at the start, and written when a choice
/// changes. What is wrong with it is said once and costs nothing else.
import Foundation
import Lab
import Output
import Panes

struct Configuration {
  private let file: URL
  let preferences: Preferences
  let keymap: Keymap
  /// `FILE:LINE: what is wrong; what was expected`.
  let problems: [String]

  init(file: URL = Preferences.file()) {
    self.file = file
    preferences = Preferences(reading: file)
    let keys = Keymap.remapped(preferences.keys, file: file.path)
    keymap = keys.keymap
    problems = preferences.problems + keys.problems
  }

  /// All problems, to stderr.
  func complain() {
    for problem in problems { Console.shared.complain(problem) }
  }

  /// For the screen, where there is room for one.
  var remark: String? {
    guard let first = problems.first else { return nil }
    return problems.count == 1 ? first : "\(first) (and \(problems.count - 1) more, on stderr)"
  }

  /// Changes the file, on top of what another workbench may have written meanwhile. Returns why
  /// that is not possible.
  func remember(_ change: (inout Preferences) -> Void) -> String? {
    var fresh = Preferences(reading: file)
    change(&fresh)
    do { try fresh.remember(in: file) } catch { return sentence(for: error) }
    return nil
  }
}
