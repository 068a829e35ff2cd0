// Reads Python's pickles, protocols 2 to 5, without Python: calls are noted down, never made.

extension Pickle {
  /// The pickle at the start of `source`, and the place behind it. Only globals in `allowed` may
  /// occur. Throws `FormatError`.
  static func read(
    _ source: any ByteSource, at offset: Int = 0, allowing allowed: Set<String>
  ) throws -> (pickle: Pickle, end: Int) {
    var machine = Unpickler(input: PickleInput(source, at: offset), allowed: allowed)
    return (try machine.run(), machine.input.position)
  }
}

/// The stack machine of `pickletools`. Instructions that only build plain data are known, and three
/// that stand for calls: they become `.object`.
struct Unpickler {
  fileprivate(set) var input: PickleInput
  private let allowed: Set<String>
  private var pickle = Pickle()
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// More lists, tuples and calls than any file of weights or labels has.
  private static let mostNodes = 2_000_000
  /// What ordered dictionaries copied so far, in values: the one thing that could grow faster than
  /// the file.
  private var copied = 0

  init(input: PickleInput, allowed: Set<String>) {
    self.input = input
    self.allowed = allowed
  }

  mutating func run() throws -> Pickle {
    while true {
      let opcode = try input.byte()
      if opcode == UInt8(ascii: ".") { break }
      guard pickle.nodes.count < Self.mostNodes, stack.count <= 16 * Self.mostNodes else {
        throw input.problem("has too many values; expected at most \(Self.mostNodes) lists")
      }
      if try control(opcode) { continue }
      if try number(opcode) { continue }
      if try string(opcode) { continue }
      if try container(opcode) { continue }
      if try memory(opcode) { continue }
      guard try object(opcode) else {
        throw input.problem("has instruction 0x\(String(opcode, radix: 16)); expected plain data")
      }
    }
    pickle.root = try pop()
    return pickle
  }
}

extension Unpickler {
  private mutating func push(_ value: PickleValue) -> Bool {
    stack.append(value)
    return true
  }

  private mutating func pushNode(
    _ items: [PickleValue], _ make: (Int) -> PickleValue
  ) -> Bool {
    pickle.nodes.append(items)
    return push(make(pickle.nodes.count - 1))
  }

  private mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw underflow }
    return value
  }

  private mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// Everything since the last mark, which goes too.
  private mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private var underflow: FormatError {
    input.problem("takes more values than it made; expected a pickle as Python writes it")
  }
}

extension Unpickler {
  /// Protocol, frames, marks and constants.
  private mutating func control(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case 0x80:  // PROTO
      let version = try input.byte()
      guard (2...5).contains(version) else {
        throw input.problem("has protocol \(version); expected 2 to 5")
      }
    case 0x95: try input.skip(8)  // FRAME: a hint for buffering
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "N"): return push(.none)
    case 0x88: return push(.bool(true))
    case 0x89: return push(.bool(false))
    default: return false
    }
    return true
  }

  private mutating func number(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "K"): return push(.int(try input.number(1)))
    case UInt8(ascii: "M"): return push(.int(try input.number(2)))
    case UInt8(ascii: "J"):
      return push(.int(Int(Int32(truncatingIfNeeded: try input.number(4)))))
    case 0x8a: return push(try long(try input.number(1)))
    case UInt8(ascii: "G"):  // the one number that is big-endian
      let bits = try input.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return push(.float(Double(bitPattern: bits)))
    default: return false
    }
  }

  /// Two's complement, lowest byte first.
  private mutating func long(_ count: Int) throws -> PickleValue {
    let bytes = try input.take(count)
    guard count <= 8 else { return .bytes(bytes) }
    guard let last = bytes.last else { return .int(0) }
    let fill = repeatElement(last >= 0x80 ? UInt8(0xff) : 0, count: 8 - count)
    return .int((bytes + fill).integer(at: 0, as: Int.self))
  }

  private mutating func string(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "X"): return push(.text(try input.text(try input.number(4))))
    case 0x8c: return push(.text(try input.text(try input.number(1))))
    case 0x8d: return push(.text(try input.text(try input.number(8))))
    case UInt8(ascii: "B"), UInt8(ascii: "T"):
      return push(.bytes(try input.take(try input.number(4))))
    case UInt8(ascii: "C"), UInt8(ascii: "U"):
      return push(.bytes(try input.take(try input.number(1))))
    case 0x8e: return push(.bytes(try input.take(try input.number(8))))
    default: return false
    }
  }

  private mutating func container(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "]"): return pushNode([]) { .list($0) }
    case UInt8(ascii: "l"): return pushNode(try popToMark()) { .list($0) }
    case UInt8(ascii: ")"): return pushNode([]) { .tuple($0) }
    case UInt8(ascii: "t"): return pushNode(try popToMark()) { .tuple($0) }
    case 0x85: return pushNode(try pop(1)) { .tuple($0) }
    case 0x86: return pushNode(try pop(2)) { .tuple($0) }
    case 0x87: return pushNode(try pop(3)) { .tuple($0) }
    case UInt8(ascii: "}"): return pushNode([]) { .dictionary($0) }
    case UInt8(ascii: "d"): return pushNode(try popToMark()) { .dictionary($0) }
    case UInt8(ascii: "a"): return try extend(by: pop(1))
    case UInt8(ascii: "e"): return try extend(by: popToMark())
    case UInt8(ascii: "s"): return try extend(by: pop(2))
    case UInt8(ascii: "u"): return try extend(by: popToMark())
    default: return false
    }
  }

  /// Adds items to the list or dictionary on top of the stack.
  private mutating func extend(by items: [PickleValue]) throws -> Bool {
    switch stack.last {
    case .list(let node), .dictionary(let node): pickle.nodes[node] += items
    default: throw input.problem("adds to what is no list; expected a list or dictionary")
    }
    return true
  }

  private mutating func memory(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "q"): try remember(try input.number(1))
    case UInt8(ascii: "r"): try remember(try input.number(4))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "h"): return push(try recall(try input.number(1)))
    case UInt8(ascii: "j"): return push(try recall(try input.number(4)))
    default: return false
    }
    return true
  }

  private mutating func remember(_ key: Int) throws {
    guard let value = stack.last else { throw underflow }
    memo[key] = value
  }

  private func recall(_ key: Int) throws -> PickleValue {
    guard let value = memo[key] else {
      throw input.problem("recalls value \(key), never stored; expected a pickle as Python writes")
    }
    return value
  }

  /// Names and calls, which become data.
  private mutating func object(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "c"): return push(try global(try input.line(), try input.line()))
    case 0x93:  // STACK_GLOBAL
      let names = try pop(2)
      guard let module = names[0].string, let name = names[1].string else { throw underflow }
      return push(try global(module, name))
    case UInt8(ascii: "Q"): return pushNode(try pop(1)) { .persistent($0) }
    case UInt8(ascii: "R"), 0x81: return try call(try pop(2))  // REDUCE, NEWOBJ
    case UInt8(ascii: "b"):  // BUILD
      let state = try pop()
      // Attributes of a dictionary, such as a state_dict's _metadata, are not needed.
      if case .object(let node) = stack.last { pickle.nodes[node].append(state) }
      return true
    default: return false
    }
  }

  private func global(_ module: String, _ name: String) throws -> PickleValue {
    let path = "\(module).\(name)"
    guard allowed.contains(path) else {
      let plain = String(path.filter { $0.isASCII && !$0.isNewline }.prefix(80))
      throw input.problem("asks for '\(plain)'; expected arrays only")
    }
    return .global(path)
  }

  /// An ordered dictionary is a dictionary; any other call is noted down.
  private mutating func call(_ parts: [PickleValue]) throws -> Bool {
    guard case .global(let name) = parts[0] else {
      throw input.problem("calls what is no function; expected arrays only")
    }
    guard name == "collections.OrderedDict" else { return pushNode(parts) { .object($0) } }
    let pairs = pickle.items(parts[1]).first.map(pickle.items) ?? []
    copied += 2 * pairs.count
    guard copied <= 2 * Self.mostNodes else {
      throw input.problem("copies \(copied) values; expected at most \(2 * Self.mostNodes)")
    }
    let items = pairs.map(pickle.items)
    guard items.allSatisfy({ $0.count == 2 }) else {
      throw input.problem("has a dictionary of no pairs; expected keys and values")
    }
    return pushNode(items.flatMap { $0 }) { .dictionary($0) }
  }
}
