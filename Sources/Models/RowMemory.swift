// Rows that were handed over, until a model is fitted to them.
import Acoustics
import Classics

/// By name, so that a row counts once however often it comes; in an order that depends on the names
/// alone.
struct RowMemory {
  static let prefix = "waiting."

  private struct Row {
    let values, targets, observed: [Float]
  }

  /// Whether the newest rows are in the model.
  var areFitted = true
  private var rows: [UInt64: Row] = [:]

  init() {}

  /// `values` [B, features]; targets and observed [B, classes].
  mutating func take(
    _ values: [Float], _ targets: [Float], _ observed: [Float], _ names: [String]
  ) {
    guard !names.isEmpty else { return }
    let (width, classes) = (values.count / names.count, targets.count / names.count)
    for (index, name) in names.enumerated() {
      let own = index * classes..<(index + 1) * classes
      rows[Self.key(name)] = Row(
        values: Array(values[index * width..<(index + 1) * width]),
        targets: Array(targets[own]), observed: Array(observed[own]))
    }
    areFitted = false
  }

  /// All rows, if some came since the last fit.
  func fresh(classes: Int) -> (Examples, ClassicLabels)? {
    guard !areFitted, let width = rows.first?.value.values.count else { return nil }
    let sorted = rows.sorted { $0.key < $1.key }.map(\.value)
    let known = sorted.flatMap { row in
      zip(row.targets, row.observed).map { $1 >= 0.5 ? $0 >= 0.5 : nil as Bool? }
    }
    guard let examples = try? Examples(sorted.flatMap(\.values), features: width),
      let labels = try? ClassicLabels(known, classes: classes)
    else { return nil }
    return (examples, labels)
  }

  /// 48 bits of FNV-1a, which two floats hold exactly.
  private static func key(_ name: String) -> UInt64 {
    var hash = FNV1a()
    hash.add(bytes: name.utf8)
    return hash.value >> 16
  }
}

// MARK: in a checkpoint

extension RowMemory {
  /// Rows that no model has seen yet, so that a run which is interrupted loses none.
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

  /// From what `waiting` gave. Throws `ClassicError` where the parts do not fit.
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
    for row in 0..<count {
      let width = values.shape[1]
      let own = row * classes..<(row + 1) * classes
      let key = UInt64(keys.values[2 * row]) << 24 | UInt64(keys.values[2 * row + 1])
      rows[key] = Row(
        values: Array(values.values[row * width..<(row + 1) * width]),
        targets: Array(targets.values[own]), observed: Array(observed.values[own]))
    }
    areFitted = rows.isEmpty
  }
}
