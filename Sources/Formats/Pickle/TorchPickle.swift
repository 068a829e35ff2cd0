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
        throw file.problem(
          "storage '\(key)' has \(storage.count) bytes; expected \(claimed) \(type.rawValue)"
        )
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

/// Which elements of a storage a tensor shows, in which order.
private struct StridedView: Sendable {
  let shape, strides: [Int]
  let offset: Int
  /// Elements shown, and elements from the first to the last of them.
  let count, extent: Int

  /// Nil unless every element lies in `0..<available`, and there are no more than that: a tensor
  /// expanded from a few numbers to many would be a bomb.
  init?(_ shape: [Int], _ strides: [Int], offset: Int, of available: Int) {
    guard shape.count == strides.count, let count = elementCount(shape), count <= available,
      offset >= 0, offset <= available, strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    var last = 0
    for (size, stride) in zip(shape, strides) where count > 0 {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(reach)
      if overflow || carry { return nil }
      last = sum
    }
    extent = count == 0 ? 0 : last + 1
    guard last < Int.max, extent <= available - offset else { return nil }
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.count = count
  }

  func values(of source: any ByteSource, _ type: ElementType, _ what: String) throws -> [Float] {
    let stored = try type.floats(
      of: source, at: offset * type.size, count: extent, of: what)
    if isContiguous { return stored }
    var index = [Int](repeating: 0, count: shape.count)
    return (0..<count).map { _ in
      let position = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
      return stored[position]
    }
  }

  private var isContiguous: Bool {
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() {
      if size != 1 && stride != expected { return count == 0 }
      expected *= max(size, 1)
    }
    return true
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
