// Files of `torch.save`: ZIP archives since PyTorch 1.6, sequences of pickles before.
import Formats

/// Finds the tensors in files of `torch.save`. The pickle is read as data; nothing that it names is
/// imported or called. The name of a tensor is the path of its dictionary keys, joined by dots.
enum TorchArchive {
  /// The pickled integer of ten bytes at the beginning of files before PyTorch 1.6.
  private static let magic: [UInt8] = [
    0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
  ]
  private static let legacyProtocol = 1001
  /// The number of bytes that `isLegacy` needs.
  static let legacyStart = 32

  /// Whether a file that begins with `start` has the older form: a pickle of the magic number with
  /// protocol 2 to 5, in a frame since protocol 4.
  static func isLegacy(_ start: [UInt8]) -> Bool {
    guard start.count > 3, start[0] == 0x80, (2...5).contains(start[1]) else { return false }
    let isFramed = start[2] == 0x95
    return start.dropFirst(isFramed ? 11 : 2).starts(with: magic)
  }

  static func isOne(_ archive: ZipArchive) -> Bool { pickle(archive) != nil }

  private static func pickle(_ archive: ZipArchive) -> String? {
    archive.members.map(\.name).first { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
  }

  /// Reads the pickle of an archive. Throws `Problem`.
  static func open(_ archive: ZipArchive) throws -> WeightFile {
    let root = pickle(archive)?.dropLast("data.pkl".count) ?? ""
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
    let found = try TorchPickle(Pickle.read(source).pickle, archive.source)
    var storages: [String: any ByteSource] = [:]
    for key in Set(found.tensors.compactMap(\.storageKey)) {
      storages[key] = try contents("data/\(key)")
    }
    let tensors = try found.tensors.map { try $0.tensor(in: storages, archive.source) }
    return try WeightFile(archive.source, .pyTorch, tensors, unread: found.unread)
  }

  /// Reads the older form: magic number, protocol, system, object and storage keys, and the length
  /// and the numbers of each storage. Throws `Problem`.
  static func openLegacy(_ source: any ByteSource) throws -> WeightFile {
    var end = 0
    func next() throws -> Pickle {
      let (pickle, after) = try Pickle.read(source, at: end)
      end = after
      return pickle
    }
    _ = try next()  // the magic number
    guard try next().root.integer == legacyProtocol else {
      throw source.problem("unknown protocol of PyTorch's older form; expected \(legacyProtocol)")
    }
    try checkSystem(next(), source)
    let pickle = try next()
    let found = try TorchPickle(pickle, source)
    let keys = try next()
    let storages = try legacyStorages(
      keys.items(keys.root).map(\.string), at: end, pickle, source)
    let tensors = try found.tensors.map { try $0.tensor(in: storages, source) }
    return try WeightFile(source, .legacyPyTorch, tensors, unread: found.unread)
  }

  private static func checkSystem(_ pickle: Pickle, _ source: any ByteSource) throws {
    let items = pickle.items(pickle.root)
    for (key, value) in zip(items, items.dropFirst()) where key.string == "little_endian" {
      guard value.isTrue else {
        throw source.problem("big-endian numbers; expected little-endian ones")
      }
    }
  }

  /// The storages one after another, including those of unsupported types.
  private static func legacyStorages(
    _ keys: [String?], at start: Int, _ pickle: Pickle, _ source: any ByteSource
  ) throws -> [String: any ByteSource] {
    var sizes: [String: Int] = [:]
    for value in pickle.persistent {
      guard let storage = TorchStorage(value, pickle) else { continue }
      guard let size = storage.elementSize else {
        throw source.problem("storage '\(storage.key)' is a \(storage.kind); expected a known one")
      }
      sizes[storage.key] = size
    }
    var storages: [String: any ByteSource] = [:]
    var position = start
    for key in keys {
      guard let key, storages[key] == nil, let size = sizes[key] else {
        throw source.problem(
          "storage '\(key ?? "?")' belongs to no tensor or occurs twice; expected each once")
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
