// Instructions of a pickle that stand for names and calls: noted down, never made.

extension Unpickler {
  /// Names and calls, which become data.
  mutating func object(_ opcode: UInt8) throws -> Bool {
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
