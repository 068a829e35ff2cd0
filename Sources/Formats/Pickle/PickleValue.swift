// What a pickle says, as plain data: nothing in it is ever called.

/// One value. Whatever contains others is an index into `Pickle.nodes`, so that values that contain
/// themselves, or nest a million deep, are as harmless as any.
package enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  /// An integer too long for `Int`: two's complement, lowest byte first.
  case long([UInt8])
  case float(Double)
  case text(String)
  /// Bytes, and byte strings of Python 2.
  case bytes([UInt8])
  case list(Int), tuple(Int)
  /// Keys and values by turns.
  case dictionary(Int)
  /// A call that is noted and never made: what would be called, its arguments, and perhaps the
  /// state its result would be given.
  case object(Int)
  /// What the pickle calls by a name of its own; one item.
  case persistent(Int)
  /// A name such as `collections.OrderedDict`. Nothing is looked up by it.
  case global(String)
}

package struct Pickle: Sendable {
  package internal(set) var root: PickleValue = .none
  package internal(set) var nodes: [[PickleValue]] = []
  /// Every `.persistent`, in the pickle's order.
  package internal(set) var persistent: [PickleValue] = []

  /// The items of a list, tuple or dictionary; empty for anything else.
  package func items(_ value: PickleValue) -> [PickleValue] {
    switch value {
    case .list(let node), .tuple(let node), .dictionary(let node), .persistent(let node):
      nodes[node]
    default: []
    }
  }

  /// What an opaque object would be made by, for the list of what is not read.
  package func origin(_ value: PickleValue) -> String {
    switch value {
    case .global(let name): return name
    case .persistent: return "a value of the program's own"
    case .object(let node):
      if case .global(let name)? = nodes[node].first { return name }
      return "a call of something unnamed"
    default: return "plain data"
    }
  }

  /// The arguments and the state of a call of one of `callables`; nil for anything else.
  package func call(
    _ value: PickleValue, of callables: Set<String>
  ) -> (arguments: [PickleValue], state: PickleValue?)? {
    guard case .object(let node) = value, nodes[node].count >= 2,
      case .global(let name) = nodes[node][0], callables.contains(name)
    else { return nil }
    return (items(nodes[node][1]), nodes[node].count > 2 ? nodes[node][2] : nil)
  }

  /// Sizes, offsets and the like: a tuple or list of integers.
  package func integers(_ value: PickleValue) -> [Int]? {
    switch value {
    case .tuple(let node), .list(let node):
      let numbers = nodes[node].compactMap(\.integer)
      return numbers.count == nodes[node].count ? numbers : nil
    default: return nil
    }
  }
}

extension PickleValue {
  package var integer: Int? { if case .int(let value) = self { value } else { nil } }

  /// Text, or the byte string that Python 2 wrote instead.
  package var string: String? {
    switch self {
    case .text(let text): text
    case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
    default: nil
    }
  }

  package var isTrue: Bool {
    switch self {
    case .bool(let value): value
    case .int(let value): value != 0
    default: false
    }
  }
}
