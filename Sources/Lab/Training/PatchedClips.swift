// What a label patch changes about the clips a run is trained on.
import Datasets

/// Training clips with their missing labels answered where the patch answers them.
struct PatchedClips {
  private(set) var clips: [Clip]
  /// Labels that the patch filled in.
  private(set) var filled = 0
  /// Answers about cells that have a label already; the data set's own stands.
  private(set) var known = 0
  /// Answers about clips that this run does not train on: validation and test are never touched.
  private(set) var outside = 0

  /// Throws `Problem` with file and line where a row names no clip or class of the data set.
  /// `clips`: those of the run; `all`: every clip of the data set.
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

  /// What a run says of it before it starts.
  var remark: LogLine {
    var text = "\(filled) missing training labels are answered by the patch"
    if known > 0 { text += ", \(known) had labels already" }
    if outside > 0 { text += ", \(outside) are about clips not trained on" }
    return LogLine(level: .info, code: "patch", text: text)
  }
}
