import Lab

/// Which clips the clip list shows: a split, words, and the cell of the missingness map or the
/// class from which the list was opened.
public struct ClipFilter: Sendable, Equatable {
  /// The clips behind something that was opened on another screen.
  public struct Scope: Sendable, Equatable {
    /// What the list's title says, such as "guitar · clips 4096–4159".
    public var title: String
    /// Indices into the data set's clips.
    public var clips: [Int]

    public init(title: String, clips: [Int]) {
      self.title = title
      self.clips = clips
    }
  }

  public var split: String?
  /// Bare words are looked for in ids and in the names of positive classes; `class:x`,
  /// `missing:x` and `split:x` say where; `!` in front turns a word round.
  public var words = ""
  public var scope: Scope?

  public init(split: String? = nil, words: String = "", scope: Scope? = nil) {
    self.split = split
    self.words = words
    self.scope = scope
  }

  public var isEmpty: Bool { self == ClipFilter() }

  /// Indices of the clips that pass, in the data set's order.
  public func clips(of dataset: DatasetSnapshot) -> [Int] {
    let tests = words.lowercased().split(separator: " ").map { Word(String($0)) }
    let candidates = scope?.clips ?? Array(dataset.clips.indices)
    return candidates.filter { index in
      guard dataset.clips.indices.contains(index) else { return false }
      let clip = dataset.clips[index]
      return (split == nil || clip.split == split)
        && tests.allSatisfy { $0.passes(clip, dataset.classes) }
    }
  }

  /// One word of the filter language.
  private struct Word {
    var place = ""
    var text: String
    var isNegated = false

    init(_ raw: String) {
      text = raw
      if text.hasPrefix("!") {
        isNegated = true
        text.removeFirst()
      }
      if let colon = text.firstIndex(of: ":") {
        place = String(text[..<colon])
        text = String(text[text.index(after: colon)...])
      }
    }

    func passes(_ clip: ClipRow, _ classes: [String]) -> Bool {
      text.isEmpty || found(clip, classes) != isNegated
    }

    private func found(_ clip: ClipRow, _ classes: [String]) -> Bool {
      switch place {
      case "split": clip.split.hasPrefix(text)
      case "class": has(.positive, clip, classes)
      case "missing": has(.missing, clip, classes)
      default: clip.id.lowercased().contains(text) || has(.positive, clip, classes)
      }
    }

    private func has(_ state: LabelState, _ clip: ClipRow, _ classes: [String]) -> Bool {
      zip(clip.labels, classes).contains { label, name in
        (label == state || state == .positive && label.isPositive)
          && name.lowercased().contains(text)
      }
    }
  }
}
