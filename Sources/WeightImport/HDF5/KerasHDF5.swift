// Keras's weight files: groups of layers whose attributes list their weights.
import Formats

/// Reads `.h5` files of Keras 1 and 2 by their `layer_names` and `weight_names`, and other files,
/// such as `.weights.h5` of Keras 3, by the paths of their datasets.
enum KerasHDF5 {
  private static let deepest = 16
  private static let mostObjects = 100_000

  /// Throws `Problem`.
  static func open(_ source: any ByteSource) throws -> WeightFile {
    let file = try HDF5File(source)
    let root = try HDF5Object(file, at: file.root)
    let whole = try root.links()
    let model = try whole.first { $0.name == "model_weights" }?.address
      .map { try HDF5Object(file, at: $0) }
    let layers = model ?? root
    let metadata = try metadata(root)
    guard let names = try strings("layer_names", of: layers) else {
      var walk = Walk()
      try walk.collect(root, [])
      return try WeightFile(
        source, .hdf5, walk.tensors, metadata: metadata, unread: walk.unread)
    }
    let tensors = try weights(names, in: layers)
    return try WeightFile(source, .keras, tensors, metadata: metadata)
  }

  private static func metadata(_ root: HDF5Object) throws -> [String: String] {
    var metadata: [String: String] = [:]
    for name in ["keras_version", "backend", "model_config"] {
      metadata[name] = try root.strings(name)?.first
    }
    return metadata
  }

  /// Keras splits attributes that do not fit into a header into `name0`, `name1`, …
  private static func strings(_ name: String, of object: HDF5Object) throws -> [String]? {
    if let whole = try object.strings(name) { return whole }
    var parts: [String] = []
    var index = 0
    while let part = try object.strings("\(name)\(index)") {
      parts += part
      index += 1
    }
    return index == 0 ? nil : parts
  }

  /// Weights by their names in Keras, with the name of the layer if a name occurs in two layers.
  private static func weights(
    _ layers: [String], in group: HDF5Object
  ) throws -> [WeightFile.Tensor] {
    let addresses = try directory(group)
    var found: [(layer: String, tensor: WeightFile.Tensor)] = []
    for layer in layers {
      let object = try descend([layer], from: addresses, group.file)
      let names = try strings("weight_names", of: object) ?? []
      guard !names.isEmpty else { continue }
      let inside = try directory(object)
      for name in names {
        guard found.count < mostObjects else { throw tooMany(group.file) }
        let path = name.split(separator: "/").map(String.init)
        let weight = try descend(path, from: inside, group.file)
        guard let tensor = try tensor(weight, name) else {
          let what = try HDF5Dataset.obstacle(weight) ?? "not an array"
          throw group.file.source.problem("weight '\(name)' is \(what); expected numbers")
        }
        found.append((layer, tensor))
      }
    }
    let counts = Dictionary(found.map { ($0.tensor.name, 1) }, uniquingKeysWith: +)
    return found.map { layer, tensor in
      guard counts[tensor.name] != 1 else { return tensor }
      return WeightFile.Tensor(
        name: "\(layer)/\(tensor.name)", shape: tensor.shape, type: tensor.type, load: tensor.load)
    }
  }

  private static func directory(_ group: HDF5Object) throws -> [String: Int] {
    let links = try group.links().compactMap { link in link.address.map { (link.name, $0) } }
    return Dictionary(links) { first, _ in first }
  }

  /// The object at a path. Names of layers may contain slashes.
  private static func descend(
    _ path: [String], from links: [String: Int], _ file: HDF5File
  ) throws -> HDF5Object {
    var links = links
    let parts = path.flatMap { $0.split(separator: "/").map(String.init) }
    for (depth, part) in parts.enumerated() {
      guard let address = links[part], depth < deepest else { break }
      let object = try HDF5Object(file, at: address)
      if depth == parts.count - 1 { return object }
      links = try directory(object)
    }
    let name = path.joined(separator: "/")
    throw file.source.problem("no '\(name)' in the file; expected the names in its attributes")
  }

  private static func tensor(_ object: HDF5Object, _ name: String) throws -> WeightFile.Tensor? {
    guard let data = try HDF5Dataset(object) else { return nil }
    return WeightFile.Tensor(name: name, shape: data.shape, type: data.type) { try data.values() }
  }

  /// Collects all datasets below a group.
  private struct Walk {
    var tensors: [WeightFile.Tensor] = []
    var unread: [WeightFile.Unread] = []
    private var seen = 0

    init() {}

    mutating func collect(_ object: HDF5Object, _ path: [String]) throws {
      seen += 1
      guard path.count <= deepest, seen <= mostObjects else { throw tooMany(object.file) }
      let name = path.joined(separator: "/")
      if let tensor = try tensor(object, name) {
        tensors.append(tensor)
      } else if let obstacle = try HDF5Dataset.obstacle(object) {
        unread.append(WeightFile.Unread(name: name, reason: obstacle))
      }
      for link in try object.links() {
        guard let address = link.address else {
          seen += 1
          let inside = (path + [link.name]).joined(separator: "/")
          unread.append(WeightFile.Unread(name: inside, reason: "a link to another name"))
          continue
        }
        try collect(HDF5Object(object.file, at: address), path + [link.name])
      }
    }
  }

  private static func tooMany(_ file: HDF5File) -> Problem {
    file.source.problem("groups are nested too deeply or too many; expected a weight file")
  }
}
