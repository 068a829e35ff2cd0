// Applies a label patch to the clips of a run.
import Datasets

/// The clips of a run, with missing training labels from the patch.
struct PatchedClips {
  private(set) var clips: [Clip]
  /// The number of labels from the patch.
  private(set) var filled = 0
  /// The number of answers for labels that are observed already, which stay.
  private(set) var known = 0
  /// The number of answers for clips that this run does not train on, such as validation clips.
  private(set) var outside = 0

  /// Throws `Problem` with file and line if a row names an unknown clip or class. `clips`: the
  /// clips of the run; `all`: those of the data set.
  init(_ patch: LabelPatch, clips: [Clip], of all: Set<Clip.ID>, classes: [String]) throws {
    self.clips = clips
    let places = Dictionary(
      clips.indices.filter { clips[$0].split == .train }.map { (clips[$0].id, $0) },
      uniquingKeysWith: { first, _ in first })
    for (answer, error) in patch.placed {
      guard let column = classes.firstIndex(of: answer.className) else {
        let why = RecipeError.unknown("class", answer.className, among: classes)
        throw error("'\(answer.className)': \(why)")
      }
      guard all.contains(answer.clip) else {
        throw error("no clip '\(answer.clip)'; expected one of the data set's")
      }
      guard answer.value != .open else { continue }
      guard let place = places[answer.clip] else {
        outside += 1
        continue
      }
      fill(place, column, answer.value == .yes)
    }
  }

  private mutating func fill(_ place: Int, _ column: Int, _ isYes: Bool) {
    guard clips[place].labels[column] == nil else {
      known += 1
      return
    }
    clips[place].labels[column] = isYes ? 1 : 0
    clips[place].answered.append(column)
    filled += 1
  }

  /// The line in the log before the run starts.
  var remark: LogLine {
    var text = "\(filled) missing training labels are answered by the patch"
    if known > 0 { text += ", \(known) had labels already" }
    if outside > 0 { text += ", \(outside) are about clips not trained on" }
    return LogLine(level: .info, code: "patch", text: text)
  }
}
