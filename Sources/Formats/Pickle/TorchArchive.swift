// PyTorch's saved objects, as ZIP archives (1.6 and later) and as rows of pickles (before).

/// Finds the tensors in what `torch.save` wrote. The pickle is read as data; nothing it names
/// is imported or called. Tensors keep the names of the dictionaries they lie in, joined by dots.
enum TorchArchive {
  /// A pickle of protocol 2 that is the integer of ten bytes which PyTorch before 1.6 begins with.
  static let legacyStart: [UInt8] = [0x80, 2, 0x8a, 10] + magic
  private static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  private static let legacyProtocol = 1001

  static func isOne(_ archive: ZipArchive) -> Bool {
    archive.members.contains { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
  }

  /// Reads an archive's pickle. Throws `FormatError`.
  static func open(_ archive: ZipArchive) throws -> WeightFile {
    let names = archive.members.map(\.name)
    guard let path = names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) else {
      throw archive.source.problem("no data.pkl; expected what torch.save writes")
    }
    let root = path.dropLast("data.pkl".count)
    let members = Dictionary(uniqueKeysWithValues: archive.members.map { ($0.name, $0) })
    func contents(_ name: String) throws -> (any ByteSource)? {
      try members[root + name].map(archive.contents)
    }
    if let order = try contents("byteorder"), order.count <= 16 {
      guard try order.fetch(0..<order.count) == Array("little".utf8) else {
        throw archive.source.problem("byte order is not little; expected little-endian numbers")
      }
    }
    guard let source = try contents("data.pkl") else {
      throw archive.source.problem("no data.pkl; expected what torch.save writes")
    }
    let pickle = try Pickle.read(source, allowing: TorchPickle.globals).pickle
    let found = try TorchPickle(pickle, archive.source).tensors()
    var storages: [String: any ByteSource] = [:]
    for key in Set(found.compactMap(\.storageKey)) {
      storages[key] = try contents("data/\(key)")
    }
    let tensors = try found.map { try $0.tensor(in: storages, archive.source) }
    return try WeightFile(archive.source, .pyTorch, tensors)
  }

  /// Reads the older form: magic number, protocol, system, the object, storage keys, and then each
  /// storage's length and numbers. Throws `FormatError`.
  static func openLegacy(_ source: any ByteSource) throws -> WeightFile {
    var end = legacyStart.count + 1  // behind the magic number's STOP
    func next(_ allowed: Set<String> = []) throws -> Pickle {
      let (pickle, after) = try Pickle.read(source, at: end, allowing: allowed)
      end = after
      return pickle
    }
    guard try next().root.integer == legacyProtocol else {
      throw source.problem("unknown protocol of PyTorch's older form; expected \(legacyProtocol)")
    }
    try checkSystem(next(), source)
    let found = try TorchPickle(next(TorchPickle.globals), source).tensors()
    let keys = try next()
    let storages = try legacyStorages(
      keys.items(keys.root).map(\.string), at: end, found, source)
    let tensors = try found.map { try $0.tensor(in: storages, source) }
    return try WeightFile(source, .legacyPyTorch, tensors)
  }

  private static func checkSystem(_ pickle: Pickle, _ source: any ByteSource) throws {
    let items = pickle.items(pickle.root)
    for (key, value) in zip(items, items.dropFirst()) where key.string == "little_endian" {
      guard value.isTrue else {
        throw source.problem("big-endian numbers; expected little-endian ones")
      }
    }
  }

  private static func legacyStorages(
    _ keys: [String?], at start: Int, _ found: [TorchTensor], _ source: any ByteSource
  ) throws -> [String: any ByteSource] {
    var sizes: [String: Int] = [:]
    for tensor in found {
      if let key = tensor.storageKey { sizes[key] = tensor.type.size }
    }
    var storages: [String: any ByteSource] = [:]
    var position = start
    for key in keys {
      guard let key, storages[key] == nil, let size = sizes[key] else {
        throw source.problem(
          "storage '\(key ?? "?")' is of no tensor or there twice; expected each once")
      }
      let count = try source.bytes(at: position, count: 8, of: "length of storage '\(key)'")
        .integer(at: 0, as: Int.self)
      let bytes = elementCount([count, size]) ?? .max
      position += 8
      storages[key] = try source.section(at: position, count: bytes, of: "storage '\(key)'")
      position += bytes
    }
    return storages
  }
}
