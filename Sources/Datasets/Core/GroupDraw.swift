// A share of clips drawn by seed, whole recordings at a time, whatever their labels.
import Autograd

/// For sets with missing labels: a draw by positives, as `ValidationShare` makes it, would leave
/// the clips without a positive in training alone.
struct GroupDraw {
  let share: Double
  let seed: Int
  let stream: Int
  /// Separates this random stream from others of the same seed.
  private static let name = 0x6772_6F75

  /// Groups, in a random order, until they hold `share` of the clips; `groups` has one name a clip.
  func chosen(_ groups: [String]) -> Set<String> {
    let sizes = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
    let goal = Int((share * Double(groups.count)).rounded())
    var generator = Generator(seed: seed, GroupDraw.name, stream)
    var names = sizes.keys.sorted()
    generator.shuffle(&names)
    var chosen: Set<String> = []
    var count = 0
    for name in names where count < goal && chosen.count + 1 < names.count {
      let size = sizes[name] ?? 0
      // A large group is passed over where it would lead further from the goal.
      guard count + size - goal <= goal - count else { continue }
      chosen.insert(name)
      count += size
    }
    return chosen
  }
}
