// Fewer training clips, for figures over the amount of data.
import Autograd

public enum TrainingFraction {
  /// `clips` with about this share of the training clips, at least one, in their order; validation
  /// and test stay whole. The draw depends on `seed`; smaller shares are parts of larger ones.
  /// Paper: Hung & Lerch 2022, arXiv:2206.04850, data reduction.
  public static func keep(_ share: Double, of clips: [Clip], seed: Int) -> [Clip] {
    guard share < 1 else { return clips }
    var members = clips.indices.filter { clips[$0].split == .train }
    var generator = Generator(seed: seed, stream)
    let count = max(1, Int((share * Double(members.count)).rounded()))
    generator.shuffle(&members)
    let kept = Set(members.prefix(count))
    return clips.indices.filter { clips[$0].split != .train || kept.contains($0) }
      .map { clips[$0] }
  }

  private static let stream = 0x6672_6163
}
