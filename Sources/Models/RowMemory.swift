// The training rows of a classic learner.
import Acoustics
import Classics

/// Rows by name: a row with a known name replaces the earlier one. Their order depends only on the
/// names.
struct RowMemory {
  static let prefix = "waiting."

  private struct Row {
    let values, targets, observed: [Float]
  }

  /// Whether the model was fitted to the newest rows.
  var areFitted = true
  private var rows: [UInt64: Row] = [:]

  init() {}

  /// Adds rows. `values` is [B, features]; targets and observed are [B, classes].
  mutating func take(
    _ values: [Float], _ targets: [Float], _ observed: [Float], _ names: [String]
  ) {
    add(names.map(Self.key), values, targets, observed)
  }

  private mutating func add(
    _ keys: [UInt64], _ values: [Float], _ targets: [Float], _ observed: [Float]
  ) {
    guard !keys.isEmpty else { return }
    let (width, classes) = (values.count / keys.count, targets.count / keys.count)
    for (index, key) in keys.enumerated() {
      let own = index * classes..<(index + 1) * classes
      rows[key] = Row(
        values: Array(values[index * width..<(index + 1) * width]),
        targets: Array(targets[own]), observed: Array(observed[own]))
    }
    areFitted = false
  }

  /// All rows if there are new ones since the last fit; nil otherwise. Throws if a value is not
  /// finite.
  func fresh(classes: Int) throws(ClassicError) -> (Examples, ClassicLabels)? {
    guard !areFitted, let width = rows.first?.value.values.count else { return nil }
    let sorted = rows.sorted { $0.key < $1.key }.map(\.value)
    let known = sorted.flatMap { row in
      zip(row.targets, row.observed).map { $1 >= 0.5 ? $0 >= 0.5 : nil as Bool? }
    }
    return (
      try Examples(sorted.flatMap(\.values), features: width),
      try ClassicLabels(known, classes: classes)
    )
  }

  /// 48 bits of FNV-1a, which two floats represent exactly.
  private static func key(_ name: String) -> UInt64 {
    var hash = FNV1a()
    hash.add(bytes: name.utf8)
    return hash.value >> 16
  }
}

// MARK: checkpoints

extension RowMemory {
  /// The rows that no model was fitted to, so that an interrupted run loses none.
  func waiting(classes: Int) -> [String: ClassicTensor] {
    guard !areFitted, let width = rows.first?.value.values.count else { return [:] }
    let sorted = rows.sorted { $0.key < $1.key }
    let count = sorted.count
    return [
      "keys": ClassicTensor(
        sorted.flatMap { [Float($0.key >> 24), Float($0.key & 0xFF_FFFF)] }, [count, 2]),
      "values": ClassicTensor(sorted.flatMap(\.value.values), [count, width]),
      "targets": ClassicTensor(sorted.flatMap(\.value.targets), [count, classes]),
      "observed": ClassicTensor(sorted.flatMap(\.value.observed), [count, classes]),
    ].reduce(into: [:]) { $0[Self.prefix + $1.key] = $1.value }
  }

  /// Restores the result of `waiting`.
  ///
  /// - Throws: `ClassicError` if the tensors do not fit each other.
  init(_ tensors: [String: ClassicTensor], classes: Int) throws(ClassicError) {
    guard !tensors.isEmpty else { return }
    func part(_ name: String) throws(ClassicError) -> ClassicTensor {
      guard let found = tensors[Self.prefix + name], found.shape.count == 2,
        found.values.allSatisfy({ $0.isFinite }),
        found.shape.allSatisfy({ (0...found.values.count).contains($0) }),
        found.shape[0] * found.shape[1] == found.values.count
      else { throw ClassicError(name: Self.prefix + name) }
      return found
    }
    let (keys, values) = (try part("keys"), try part("values"))
    let (targets, observed) = (try part("targets"), try part("observed"))
    let count = keys.shape[0]
    guard keys.shape == [count, 2], values.shape[0] == count, values.shape[1] > 0,
      targets.shape == [count, classes], observed.shape == targets.shape,
      keys.values.allSatisfy({ (0...16_777_215).contains($0) })
    else { throw ClassicError(name: Self.prefix + "keys") }
    let numbers = keys.values.map { UInt64($0) }
    add(
      (0..<count).map { numbers[2 * $0] << 24 | numbers[2 * $0 + 1] }, values.values,
      targets.values, observed.values)
  }
}
