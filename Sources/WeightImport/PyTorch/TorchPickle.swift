// Tensors in pickles: the calls that `torch.save` records, read as descriptions.
import Formats

/// Collects the tensors in dictionaries and lists, and lists values that cannot be read.
struct TorchPickle {
  private let pickle: Pickle
  private let source: any ByteSource
  private let arrays: NumPyPickle

  private(set) var tensors: [TorchTensor] = []
  private(set) var unread: [WeightFile.Unread] = []
  private var omitted = 0
  private var steps = 0
  private var names: Set<String> = []
  /// The containers of the current value.
  private var around: Set<Int> = []

  private static let rebuild: Set<String> = [
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor",
  ]
  /// Makes tensors of types without a storage class; their storage has bytes.
  private static let rebuildUntyped = "torch._utils._rebuild_tensor_v3"
  /// Makes a tensor with attributes. Arguments: the function that makes it, its type, the
  /// function's arguments.
  private static let rebuildFromType = "torch._tensor._rebuild_from_type_v2"
  private static let parameter: Set<String> = [
    "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
    "torch.nn.parameter.Parameter",
  ]
  /// Small values that are ignored like numbers.
  private static let plain: Set<String> = ["torch.Size", "torch.device"]

  private static let untyped: [String: ElementType] = [
    "torch.uint64": .u64, "torch.uint32": .u32, "torch.uint16": .u16, "torch.uint8": .u8,
    "torch.int64": .i64, "torch.int32": .i32, "torch.int16": .i16, "torch.int8": .i8,
    "torch.float64": .f64, "torch.float32": .f32, "torch.float16": .f16,
    "torch.bfloat16": .bf16, "torch.bool": .bool,
  ]

  /// Limits beyond those of any checkpoint.
  private static let deepest = 64
  private static let mostSteps = 1_000_000
  private static let mostUnread = 1000

  /// Collects everything. Throws `Problem`.
  init(_ pickle: Pickle, _ source: any ByteSource) throws {
    self.pickle = pickle
    self.source = source
    arrays = NumPyPickle(pickle, source.name)
    try collect(pickle.root, [])
    if omitted > 0 {
      unread.append(WeightFile.Unread(name: "…", reason: "\(omitted) more values"))
    }
    guard let expansion = total(tensors.map(\.expansion)), expansion <= StridedView.mostExpanded
    else {
      throw source.problem(
        "tensors have far more numbers than the file; expected at most"
          + " \(StridedView.mostExpanded) repeated ones")
    }
  }

  private mutating func collect(_ value: PickleValue, _ path: [String]) throws {
    steps += 1
    guard path.count <= Self.deepest, steps <= Self.mostSteps else {
      throw source.problem(
        "values are nested too deeply or too many; expected a dictionary of tensors")
    }
    switch value {
    case .dictionary(let node), .list(let node), .tuple(let node):
      guard around.insert(node).inserted else { return leaveOut(path, "a value inside itself") }
      try collect(within: value, path)
      around.remove(node)
    case .object:
      if !(try take(value, path)) { leaveOut(path, pickle.origin(value)) }
    case .global(let name): leaveOut(path, name)
    case .persistent:
      leaveOut(path, TorchStorage(value, pickle)?.kind ?? pickle.origin(value))
    default: break
    }
  }

  private mutating func collect(within container: PickleValue, _ path: [String]) throws {
    let items = pickle.items(container)
    if case .dictionary = container {
      for index in stride(from: 0, to: items.count - 1, by: 2) {
        try collect(items[index + 1], path + [key(items[index])])
      }
    } else {
      for (index, item) in items.enumerated() { try collect(item, path + [String(index)]) }
    }
  }

  /// The name of a dictionary key, which may be any hashable value.
  private func key(_ value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .float(let number): "\(number)"
    case .tuple(let node):
      "(" + pickle.nodes[node].prefix(8).map { simpleKey($0) }.joined(separator: ", ") + ")"
    default: simpleKey(value)
    }
  }

  private func simpleKey(_ value: PickleValue) -> String {
    value.string ?? value.integer.map(String.init) ?? "?"
  }

  private mutating func leaveOut(_ path: [String], _ reason: String) {
    guard unread.count < Self.mostUnread else {
      omitted += 1
      return
    }
    let name = path.isEmpty ? "the whole" : path.joined(separator: ".")
    unread.append(WeightFile.Unread(name: name, reason: reason))
  }

  /// The path joined by dots, as in PyTorch. If it is taken, such as `a.b` beside `a: {b}`, the
  /// path joined by slashes or a number.
  private mutating func name(_ path: [String]) -> String {
    let dotted = path.isEmpty ? "tensor" : path.joined(separator: ".")
    if names.insert(dotted).inserted { return dotted }
    let slashed = path.joined(separator: "/")
    if names.insert(slashed).inserted { return slashed }
    var number = 2
    while !names.insert("\(dotted)#\(number)").inserted { number += 1 }
    return "\(dotted)#\(number)"
  }
}

// MARK: tensors

extension TorchPickle {
  /// Adds the tensor that a call makes; false for other calls.
  private mutating func take(_ value: PickleValue, _ path: [String]) throws -> Bool {
    switch try arrays.numbers(value) {
    case .numbers(let shape, let type, let bytes, let isFortran)?:
      tensors.append(
        TorchTensor(
          name: name(path), shape: shape, type: type,
          content: .bytes(bytes, isFortran: isFortran)))
      return true
    case .other(let reason)?:
      leaveOut(path, reason)
      return true
    case nil: break
    }
    if let inner = pickle.call(value, of: Self.parameter)?.arguments.first {
      guard pickle.call(inner, of: Self.parameter) == nil else { return false }
      return try take(inner, path)
    }
    if let call = pickle.call(value, of: [Self.rebuildFromType]), call.arguments.count >= 3,
      case .global(let function) = call.arguments[0]
    {
      return try view(function, pickle.items(call.arguments[2]), path)
    }
    guard case .object(let node) = value, case .global(let function)? = pickle.nodes[node].first
    else { return false }
    if Self.plain.contains(function) { return true }
    let arguments = pickle.nodes[node].count > 1 ? pickle.items(pickle.nodes[node][1]) : []
    return try view(function, arguments, path)
  }

  /// Adds a view of a storage; false if `function` makes something else.
  private mutating func view(
    _ function: String, _ arguments: [PickleValue], _ path: [String]
  ) throws -> Bool {
    let isUntyped = function == Self.rebuildUntyped
    guard isUntyped || Self.rebuild.contains(function) else { return false }
    guard arguments.count >= (isUntyped ? 7 : 4),
      let storage = TorchStorage(arguments[0], pickle), let offset = arguments[1].integer,
      let shape = pickle.integers(arguments[2]), let strides = pickle.integers(arguments[3])
    else {
      let name = path.isEmpty ? "tensor" : path.joined(separator: ".")
      throw source.problem("tensor '\(name)' is malformed; expected storage, offset, size, stride")
    }
    let dtype = isUntyped ? pickle.origin(arguments[6]) : storage.kind
    guard let type = isUntyped ? Self.untyped[dtype] : storage.type else {
      leaveOut(path, "tensor \(shape) of \(dtype)")
      return true
    }
    let (start, overflow) = offset.addingReportingOverflow(storage.viewOffset)
    tensors.append(
      TorchTensor(
        name: name(path), shape: shape, type: type,
        content: .view(
          storage: storage.key, offset: overflow ? -1 : start, strides: strides,
          count: isUntyped ? storage.count / type.size : storage.count)))
    return true
  }
}
