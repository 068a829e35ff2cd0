// Reads Python's pickles, protocols 2 to 5, without Python. Calls are recorded, never made.

extension Pickle {
  /// The pickle at `offset`, and the position after it. It may contain any names of Python; those
  /// that serve to run something are refused. Throws `Problem`.
  package static func read(
    _ source: any ByteSource, at offset: Int = 0
  ) throws -> (pickle: Pickle, end: Int) {
    var machine = Unpickler(input: PickleInput(source, at: offset))
    return (try machine.run(), machine.input.position)
  }
}

/// The stack machine of `pickletools`. It knows the instructions that build plain data, and those
/// for calls, which become `.object`.
struct Unpickler {
  var input: PickleInput
  var pickle = Pickle()
  var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]

  /// More lists, tuples and calls than in any file of weights or labels.
  static let mostNodes = 2_000_000
  /// The number of values copied into ordered dictionaries, the only data that could grow faster
  /// than the file.
  var copied = 0

  init(input: PickleInput) { self.input = input }

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

// MARK: the stack

extension Unpickler {
  mutating func push(_ value: PickleValue) -> Bool {
    stack.append(value)
    return true
  }

  mutating func pushNode(
    _ items: [PickleValue], _ make: (Int) -> PickleValue
  ) -> Bool {
    pickle.nodes.append(items)
    return push(make(pickle.nodes.count - 1))
  }

  mutating func pop() throws -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw underflow }
    return value
  }

  mutating func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw underflow }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// All values since the last mark, which is removed too.
  mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  var underflow: Problem {
    input.problem("takes more values than it made; expected a pickle by Python")
  }
}

extension Unpickler {
  /// Instructions for names and calls, which become data.
  mutating func object(_ opcode: UInt8) throws -> Bool {
    switch opcode {
    case UInt8(ascii: "c"): return push(try global(try input.line(), try input.line()))
    case 0x93:  // STACK_GLOBAL
      let names = try pop(2)
      guard let module = names[0].string, let name = names[1].string else { throw underflow }
      return push(try global(module, name))
    case UInt8(ascii: "Q"):  // BINPERSID
      _ = pushNode(try pop(1)) { .persistent($0) }
      if let value = stack.last { pickle.persistent.append(value) }
      return true
    case UInt8(ascii: "R"), 0x81: return try call(try pop(2))  // REDUCE, NEWOBJ
    case 0x92: return try call(Array(try pop(3).prefix(2)))  // NEWOBJ_EX: also keyword arguments
    case 0x82, 0x83, 0x84:  // EXT1, EXT2, EXT4: a name by a number that programs agree on
      return push(.global("extension \(try input.number(1 << (opcode - 0x82)))"))
    case 0x97: return pushOpaque("an out-of-band buffer")  // NEXT_BUFFER
    case 0x98: return true  // READONLY_BUFFER
    case UInt8(ascii: "b"):  // BUILD
      let state = try pop()
      // Attributes of a dictionary, such as a state_dict's _metadata, are not needed.
      if case .object(let node) = stack.last { pickle.nodes[node].append(state) }
      return true
    default: return false
    }
  }

  /// Pushes a value of which only the name is known.
  mutating func pushOpaque(_ name: String) -> Bool {
    let arguments = PickleValue.tuple(pickle.nodes.count)
    pickle.nodes.append([])
    return pushNode([.global(name), arguments]) { .object($0) }
  }

  /// Names are never looked up here. A file whose names make Python run commands is refused all the
  /// same, since it would harm whoever opens it with Python.
  private func global(_ module: String, _ name: String) throws -> PickleValue {
    let path = "\(module).\(name)"
    let root = String(module.prefix { $0 != "." })
    let isBuiltin = root == "builtins" || root == "__builtin__"
    let isHarmful =
      isBuiltin ? Self.harmfulBuiltins.contains(name) : Self.harmfulModules.contains(root)
    guard !isHarmful else {
      let plain = String(path.filter { $0.isASCII && !$0.isNewline }.prefix(80))
      throw input.problem("asks for '\(plain)'; expected arrays only")
    }
    return .global(path)
  }

  private static let harmfulBuiltins: Set<String> = [
    "eval", "exec", "execfile", "compile", "open", "file", "input", "apply", "breakpoint",
    "__import__",
  ]
  private static let harmfulModules: Set<String> = [
    "_pickle", "_posixsubprocess", "asyncio", "bdb", "cProfile", "code", "codeop", "commands",
    "ctypes", "ftplib", "http", "importlib", "marshal", "multiprocessing", "nt", "os", "pdb",
    "pickle", "popen2", "posix", "profile", "pty", "requests", "runpy", "shutil", "smtplib",
    "socket", "subprocess", "sys", "telnetlib", "timeit", "urllib", "webbrowser",
  ]

  /// Dictionaries of `collections` become dictionaries; any other call is recorded.
  private mutating func call(_ parts: [PickleValue]) throws -> Bool {
    guard case .global(let name) = parts[0] else { return pushNode(parts) { .object($0) } }
    if name == "collections.defaultdict" { return pushNode([]) { .dictionary($0) } }
    guard name == "collections.OrderedDict" else { return pushNode(parts) { .object($0) } }
    let pairs = pickle.items(parts[1]).first.map(pickle.items) ?? []
    copied += 2 * pairs.count
    guard copied <= 2 * Self.mostNodes else {
      throw input.problem("copies \(copied) values; expected at most \(2 * Self.mostNodes)")
    }
    let items = pairs.map(pickle.items)
    guard items.allSatisfy({ $0.count == 2 }) else {
      throw input.problem("has a dictionary without pairs; expected keys and values")
    }
    return pushNode(items.flatMap { $0 }) { .dictionary($0) }
  }
}
