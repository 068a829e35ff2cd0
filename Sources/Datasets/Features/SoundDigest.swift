// What the sounds of a data set hold, in one short text a split: changes with any of their bytes.

/// Stored with every run, so that sounds exchanged below it are noticed.
public struct SoundDigest: Sendable, Equatable {
  /// By split, in the order of `Split.allCases`.
  private let parts: [String]

  /// Of the clips and the digests of their sounds; nil where a clip's sound is not there.
  init(of clips: [(clip: Clip, digest: String?)]) {
    parts = Split.allCases.map { split in
      var whole = Fingerprint()
      for (clip, digest) in clips where clip.split == split {
        whole = whole.adding("\(clip.id) \(digest ?? "-")")
      }
      return whole.text
    }
  }

  /// What `text` gave; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: "-").map(String.init)
    guard parts.count == Split.allCases.count, parts.allSatisfy({ $0.utf8.count == 16 }) else {
      return nil
    }
    self.parts = parts
  }

  /// Three numbers of 16 hexadecimal digits.
  public var text: String { parts.joined(separator: "-") }

  /// Splits whose sounds are not the other's.
  public func differences(from other: SoundDigest) -> [Split] {
    Split.allCases.filter { parts[$0.index] != other.parts[$0.index] }
  }
}
