// Instructions of a pickle that build plain data.

extension Unpickler {
  /// Protocol, frames, marks and constants.
  mutating func control(_ opcode: UInt8) throws -> Bool {
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

  mutating func number(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "K"): return push(.int(try input.number(1)))
    case UInt8(ascii: "M"): return push(.int(try input.number(2)))
    case UInt8(ascii: "J"):
      return push(.int(Int(Int32(truncatingIfNeeded: try input.number(4)))))
    case 0x8a: return push(try long(try input.number(1)))
    case 0x8b: return push(try long(try input.number(4)))
    case UInt8(ascii: "G"):  // the one number that is big-endian
      let bits = try input.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return push(.float(Double(bitPattern: bits)))
    default: return false
    }
  }

  /// Two's complement, lowest byte first.
  private mutating func long(_ count: Int) throws -> PickleValue {
    let bytes = try input.take(count)
    guard count <= 8 else { return .long(bytes) }
    guard let last = bytes.last else { return .int(0) }
    let fill = repeatElement(last >= 0x80 ? UInt8(0xff) : 0, count: 8 - count)
    return .int((bytes + fill).integer(at: 0, as: Int.self))
  }

  mutating func string(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "X"): return push(.text(try input.text(try input.number(4))))
    case 0x8c: return push(.text(try input.text(try input.number(1))))
    case 0x8d: return push(.text(try input.text(try input.number(8))))
    case UInt8(ascii: "B"), UInt8(ascii: "T"):
      return push(.bytes(try input.take(try input.number(4))))
    case UInt8(ascii: "C"), UInt8(ascii: "U"):
      return push(.bytes(try input.take(try input.number(1))))
    case 0x8e, 0x96:  // BINBYTES8, BYTEARRAY8
      return push(.bytes(try input.take(try input.number(8))))
    default: return false
    }
  }

  mutating func container(_ opcode: UInt8) throws -> Bool {
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
    case 0x8f: return pushOpaque("builtins.set")
    case 0x90: return try extend(by: popToMark())
    case 0x91:
      _ = try popToMark()
      return pushOpaque("builtins.frozenset")
    default: return false
    }
  }

  /// Adds items to the list or dictionary on top of the stack. Items of an opaque value are
  /// dropped.
  private mutating func extend(by items: [PickleValue]) throws -> Bool {
    switch stack.last {
    case .list(let node), .dictionary(let node): pickle.nodes[node] += items
    case .object: break
    default: throw input.problem("adds items to another value; expected a list or dictionary")
    }
    return true
  }

  mutating func memory(_ opcode: UInt8) throws -> Bool {
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
      throw input.problem(
        "recalls value \(key), which was never stored; expected a pickle by Python")
    }
    return value
  }
}
