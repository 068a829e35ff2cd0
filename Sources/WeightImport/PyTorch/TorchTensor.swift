// One tensor of a PyTorch file, from its description in the pickle to its numbers.
import Formats

/// A view of a storage, or a NumPy array.
struct TorchTensor {
  let name: String
  let shape: [Int]
  let type: ElementType
  let content: Content

  enum Content {
    /// Offset and strides in elements of the storage, which has `count`.
    case view(storage: String, offset: Int, strides: [Int], count: Int)
    case bytes([UInt8], isFortran: Bool)
  }

  var storageKey: String? {
    if case .view(let storage, _, _, _) = content { storage } else { nil }
  }

  /// The number of elements beyond those of its storage.
  var expansion: Int {
    guard case .view(_, _, _, let available) = content, let count = elementCount(shape) else {
      return 0
    }
    return max(0, count - available)
  }

  /// The tensor, whose values are read on demand. Throws `Problem` unless it lies in its storage,
  /// and the storage in its file.
  func tensor(
    in storages: [String: any ByteSource], _ file: any ByteSource
  ) throws -> WeightFile.Tensor {
    let (shape, type, name) = (shape, type, name)
    switch content {
    case .bytes(let bytes, let isFortran):
      return WeightFile.Tensor(name: name, shape: shape, type: type) {
        let values = type.floats(bytes)
        return isFortran ? rowMajor(values, shape) : values
      }
    case .view(let key, let offset, let strides, let claimed):
      guard let storage = storages[key] else {
        throw file.problem(
          "tensor '\(name)' is in storage '\(key)'; expected a storage of the file")
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

/// A storage in a pickle: a sequence of numbers that tensors view.
struct TorchStorage {
  let key: String
  /// Such as `FloatStorage`.
  let kind: String
  /// The number of elements, or of bytes if it has no type.
  let count: Int
  /// The offset of a view of another storage, before PyTorch 1.6.
  let viewOffset: Int

  private static let types: [String: ElementType] = [
    "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16,
    "LongStorage": .i64, "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8,
    "ByteStorage": .u8, "BoolStorage": .bool,
  ]
  /// Bytes per element of unsupported kinds, to find the storages after them in the older form.
  private static let sizes: [String: Int] = [
    "ComplexFloatStorage": 8, "ComplexDoubleStorage": 16, "QInt8Storage": 1, "QUInt8Storage": 1,
    "QInt32Storage": 4, "QUInt4x2Storage": 1, "QUInt2x4Storage": 1, "UntypedStorage": 1,
  ]

  /// Nil for unsupported kinds.
  var type: ElementType? { Self.types[kind] }
  var elementSize: Int? { type?.size ?? Self.sizes[kind] }

  /// Parses ("storage", type, key, device, count) and, before PyTorch 1.6, perhaps a view of a
  /// storage; nil for other values.
  init?(_ value: PickleValue, _ pickle: Pickle) {
    guard case .persistent = value, let id = pickle.items(value).first else { return nil }
    let parts = pickle.items(id)
    guard parts.count >= 5, parts[0].string == "storage", case .global(let path) = parts[1],
      let kind = path.split(separator: ".").last, let key = parts[2].string,
      let count = parts[4].integer, count >= 0
    else { return nil }
    let view = parts.count > 5 ? pickle.items(parts[5]) : []
    guard view.isEmpty || view.count == 3 && view[1].integer != nil else { return nil }
    self.key = key
    self.kind = String(kind)
    self.count = count
    viewOffset = view.isEmpty ? 0 : view[1].integer ?? 0
  }
}
