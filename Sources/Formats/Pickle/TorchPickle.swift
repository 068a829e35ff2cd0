// Tensors inside pickles: what `torch.save` asks Python to call, read as a description.

/// One tensor before its numbers are found: a view of a storage, or an array of NumPy's.
struct TorchTensor {
  let name: String
  let shape: [Int]
  let type: ElementType
  let content: Content

  enum Content {
    /// In elements of the storage, which has `count`.
    case view(storage: String, offset: Int, strides: [Int], count: Int)
    case bytes([UInt8])
  }

  var storageKey: String? {
    if case .view(let storage, _, _, _) = content { storage } else { nil }
  }

  /// The tensor with its numbers within reach. Throws `FormatError` unless its shape and strides
  /// stay inside its storage, and the storage inside its file.
  func tensor(
    in storages: [String: any ByteSource], _ file: any ByteSource
  ) throws -> WeightFile.Tensor {
    let (shape, type, name) = (shape, type, name)
    switch content {
    case .bytes(let bytes):
      return WeightFile.Tensor(name: name, shape: shape, type: type) { type.floats(bytes) }
    case .view(let key, let offset, let strides, let claimed):
      guard let storage = storages[key] else {
        throw file.problem("tensor '\(name)' lies in storage '\(key)'; expected one that is there")
      }
      guard elementCount([claimed, type.size]) == storage.count else {
        let wanted = "\(claimed) \(type.rawValue) numbers"
        throw file.problem("storage '\(key)' has \(storage.count) bytes; expected \(wanted)")
      }
      guard let view = StridedView(shape, strides, offset: offset, of: claimed) else {
        throw file.problem(
          "tensor '\(name)' of shape \(shape), strides \(strides) from \(offset) on; expected it"
            + " within the \(claimed) numbers of its storage")
      }
      return WeightFile.Tensor(name: name, shape: shape, type: type) {
        try view.values(of: storage, type, "tensor '\(name)'")
      }
    }
  }
}

/// Walks dictionaries and lists and collects the tensors.
struct TorchPickle {
  private let pickle: Pickle
  private let source: any ByteSource
  private let arrays: NumPyPickle

  private static let storages: [String: ElementType] = [
    "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
    "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8,
    "ByteStorage": .u8, "BoolStorage": .bool,
  ]
  private static let rebuild: Set<String> = [
    "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor",
  ]
  private static let parameter: Set<String> = [
    "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter",
  ]

  /// What such a file may name.
  static let globals = NumPyPickle.globals.union(rebuild).union(parameter).union(
    storages.keys.flatMap { ["torch.\($0)", "torch.cuda.\($0)"] }
  ).union(["collections.OrderedDict", "torch.Size", "torch.device"])

  /// Deeper and longer than any checkpoint: lists may contain themselves.
  private static let deepest = 16
  private static let mostSteps = 1_000_000

  init(_ pickle: Pickle, _ source: any ByteSource) {
    self.pickle = pickle
    self.source = source
    arrays = NumPyPickle(pickle, source.name)
  }

  /// All tensors; values of other kinds are passed over. Throws `FormatError`.
  func tensors() throws -> [TorchTensor] {
    var found: [TorchTensor] = []
    var steps = 0
    try collect(pickle.root, [], into: &found, &steps)
    return found
  }

  private func collect(
    _ value: PickleValue, _ path: [String], into found: inout [TorchTensor], _ steps: inout Int
  ) throws {
    steps += 1
    guard path.count <= Self.deepest, steps <= Self.mostSteps else {
      throw source.problem("values nest too deep or are too many; expected a dictionary of tensors")
    }
    switch value {
    case .dictionary:
      let items = pickle.items(value)
      for index in stride(from: 0, to: items.count - 1, by: 2) {
        let key = items[index].string ?? items[index].integer.map(String.init)
        if let key { try collect(items[index + 1], path + [key], into: &found, &steps) }
      }
    case .list, .tuple:
      for (index, item) in pickle.items(value).enumerated() {
        try collect(item, path + [String(index)], into: &found, &steps)
      }
    case .object:
      let name = path.isEmpty ? "tensor" : path.joined(separator: ".")
      if let tensor = try tensor(value, name) { found.append(tensor) }
    default: break
    }
  }

  /// Nil for a call that makes no tensor.
  private func tensor(_ value: PickleValue, _ name: String) throws -> TorchTensor? {
    if let array = try arrays.numbers(value) {
      return TorchTensor(
        name: name, shape: array.shape, type: array.type, content: .bytes(array.bytes))
    }
    if let inner = pickle.call(value, of: Self.parameter)?.arguments.first {
      guard pickle.call(inner, of: Self.parameter) == nil else { return nil }
      return try tensor(inner, name)
    }
    guard let call = pickle.call(value, of: Self.rebuild) else { return nil }
    let arguments = call.arguments
    guard arguments.count >= 4, let storage = storage(arguments[0]),
      let offset = arguments[1].integer, let shape = pickle.integers(arguments[2]),
      let strides = pickle.integers(arguments[3])
    else {
      throw source.problem("tensor '\(name)' is malformed; expected storage, offset, size, stride")
    }
    let (start, overflow) = offset.addingReportingOverflow(storage.viewOffset)
    return TorchTensor(
      name: name, shape: shape, type: storage.type,
      content: .view(
        storage: storage.key, offset: overflow ? -1 : start, strides: strides,
        count: storage.count))
  }

  /// From ("storage", type, key, device, count) and perhaps, before 1.6, a view of a storage.
  private func storage(
    _ value: PickleValue
  ) -> (key: String, type: ElementType, count: Int, viewOffset: Int)? {
    guard case .persistent = value, let id = pickle.items(value).first else { return nil }
    let parts = pickle.items(id)
    guard parts.count >= 5, parts[0].string == "storage", case .global(let path) = parts[1],
      let type = Self.storages[path.split(separator: ".").last.map(String.init) ?? ""],
      let key = parts[2].string, let count = parts[4].integer, count >= 0
    else { return nil }
    let view = parts.count > 5 ? pickle.items(parts[5]) : []
    guard view.isEmpty || view.count == 3 && view[1].integer != nil else { return nil }
    return (key, type, count, view.isEmpty ? 0 : view[1].integer ?? 0)
  }
}
