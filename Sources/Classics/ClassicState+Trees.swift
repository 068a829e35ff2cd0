// Saves and restores forests and mixtures.

extension RandomForest: SavedModel {
  static let family = "forest"

  /// All trees, concatenated.
  var tensors: [String: ClassicTensor] {
    let trees = forests.flatMap { $0 }
    let outputs = trees.first?.classes ?? 2
    let nodes = trees.reduce(0) { $0 + $1.nodes }
    return [
      "classes": scalar(Float(classes)), "outputs": scalar(Float(outputs)),
      "trees": vector(forests.map { Float($0.count) }),
      "nodes": vector(trees.map { Float($0.nodes) }),
      // A leaf has feature 0; features count from 1.
      "feature": vector(trees.flatMap { $0.feature.map { Float($0 + 1) } }),
      "threshold": vector(trees.flatMap(\.threshold)),
      "left": vector(trees.flatMap { $0.left.map { Float($0) } }),
      "right": vector(trees.flatMap { $0.right.map { Float($0) } }),
      "shares": ClassicTensor(trees.flatMap(\.shares), [nodes, outputs]),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let classes = try reader.whole("classes", 1...65_536)
    let outputs = try reader.whole("outputs", 1...65_536)
    let (counts, nodes) = (try reader.wholes("trees"), try reader.wholes("nodes"))
    guard counts.reduce(0, +) == nodes.count,
      counts.count == classes && outputs == 2
        || counts.count == 1 && outputs == classes
    else { throw ClassicError("'trees' do not match 'nodes'; expected one forest, or one a class") }
    var trees = try Self.trees(reader, nodes, outputs: outputs, features: features)
    var forests: [[DecisionTree]] = []
    for count in counts {
      forests.append(Array(trees.prefix(count)))
      trees.removeFirst(count)
    }
    self.init(classes: classes, features: features, forests: forests)
  }

  /// All trees, concatenated; `nodes` holds the number of nodes of each.
  private static func trees(
    _ reader: TensorReader, _ nodes: [Int], outputs: Int, features: Int
  ) throws(ClassicError) -> [DecisionTree] {
    let total = nodes.reduce(0, +)
    let (feature, left, right) = (
      try reader.wholes("feature"), try reader.wholes("left"), try reader.wholes("right")
    )
    let threshold = try reader.values("threshold", [total])
    let shares = try reader.values("shares", [total, outputs])
    guard [feature.count, left.count, right.count].allSatisfy({ $0 == total }) else {
      throw ClassicError("trees whose parts differ in length; expected \(total) nodes")
    }
    var trees: [DecisionTree] = []
    var start = 0
    for count in nodes {
      let own = start..<start + count
      trees.append(
        try DecisionTree(
          feature: feature[own].map { Int32($0) - 1 }, threshold: Array(threshold[own]),
          left: left[own].map { Int32($0) }, right: right[own].map { Int32($0) },
          shares: Array(shares[start * outputs..<(start + count) * outputs]), classes: outputs,
          features: features))
      start += count
    }
    return trees
  }
}

extension MixtureClassifier: SavedModel {
  static let family = "mixture"

  /// All components, concatenated. "place" is the mixture of each component: twice the class, plus
  /// one for the mixture of the other rows.
  var tensors: [String: ClassicTensor] {
    var (places, parts): ([Float], [Gaussian]) = ([], [])
    for index in 0..<classes {
      for (side, mixture) in [own[index], others[index]].enumerated() {
        let found = mixture?.components ?? []
        places += found.map { _ in Float(2 * index + side) }
        parts += found
      }
    }
    let (width, length) = (parts.first?.mean.count ?? 1, parts.first?.factor.count ?? 1)
    return [
      "classes": scalar(Float(classes)), "single": scalar(isSingleLabel ? 1 : 0),
      "place": vector(places), "weights": vector(parts.map { Float($0.weight) }),
      "means": ClassicTensor(parts.flatMap { $0.mean.map { Float($0) } }, [parts.count, width]),
      "factors": ClassicTensor(
        parts.flatMap { $0.factor.map { Float($0) } }, [parts.count, length]),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let classes = try reader.whole("classes", 1...65_536)
    let (found, length) = try Self.components(reader, classes: classes, features: features)
    func mixture(_ place: Int) -> GaussianMixture? {
      found[place].map {
        GaussianMixture(
          features: features, covariance: length == features ? .diagonal : .full, components: $0)
      }
    }
    self.init(
      classes: classes, own: (0..<classes).map { mixture(2 * $0) },
      others: (0..<classes).map { mixture(2 * $0 + 1) },
      isSingleLabel: try reader.whole("single", 0...1) == 1)
  }

  /// The components by mixture, and the number of values of a covariance.
  private static func components(
    _ reader: TensorReader, classes: Int, features: Int
  ) throws(ClassicError) -> (found: [Int: [Gaussian]], length: Int) {
    let places = try reader.wholes("place")
    let weights = try reader.values("weights", [places.count])
    let means = try reader.values("means", [places.count, features])
    let factors = try reader.tensor("factors", dimensions: 2)
    let length = factors.shape[1]
    guard factors.shape[0] == places.count, weights.allSatisfy({ $0 > 0 }),
      places.allSatisfy({ $0 < 2 * classes }),
      length == features || length == features * (features + 1) / 2
    else { throw ClassicError("'factors' \(factors.shape) do not fit; expected one a component") }
    var found: [Int: [Gaussian]] = [:]
    for (index, place) in places.enumerated() {
      let mean = means[index * features..<(index + 1) * features].map { Double($0) }
      let factor = factors.values[index * length..<(index + 1) * length].map { Double($0) }
      found[place, default: []].append(
        Gaussian(weight: Double(weights[index]), mean: mean, factor: factor))
    }
    return (found, length)
  }
}
