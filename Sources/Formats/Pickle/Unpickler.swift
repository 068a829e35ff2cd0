// Reads Python's pickles, protocols 2 to 5, without Python: calls are noted down, never made.

extension Pickle {
  /// The pickle at the start of `source`, and the place behind it. Names of whatever Python has
  /// may occur and mean nothing; only those that are there to run something are refused. Throws
  /// `Problem`.
  package static func read(
    _ source: any ByteSource, at offset: Int = 0
  ) throws -> (pickle: Pickle, end: Int) {
    var machine = Unpickler(input: PickleInput(source, at: offset))
    return (try machine.run(), machine.input.position)
  }
}

/// The stack machine of `pickletools`. Instructions that build plain data are known, and those that
/// stand for calls: they become `.object`.
struct Unpickler {
  var input: PickleInput
  var pickle = Pickle()
  var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo: [Int: PickleValue] = [:]

  /// More lists, tuples and calls than any file of weights or labels has.
  static let mostNodes = 2_000_000
  /// What ordered dictionaries copied so far, in values: the one thing that could grow faster than
  /// the file.
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

  /// Everything since the last mark, which goes too.
  mutating func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw underflow }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  var underflow: Problem {
    input.problem("takes more values than it made; expected a pickle as Python writes it")
  }
}
