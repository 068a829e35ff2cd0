// Saves and restores fitted models. Names begin with the family: "machines.", "neighbors.",
// "forest.", "mixture." or "tree."; "scale." is the z-score.

/// A model that can be saved in a checkpoint.
protocol SavedModel: ClassicModel {
  /// The tensors by name, without the family.
  var tensors: [String: ClassicTensor] { get }
  /// Restores a model for rows of `features` features. Throws if the tensors do not fit.
  init(_ reader: TensorReader, features: Int) throws(ClassicError)
  static var family: String { get }
}

extension ScaledModel {
  private static let families: [any SavedModel.Type] = [
    SupportVectorMachine.self, NearestNeighbors.self, RandomForest.self, MixtureClassifier.self,
    HierarchicalModel<SelectedModel>.self,
  ]

  /// The tensors by name, which are sufficient to restore the model.
  public var tensors: [String: ClassicTensor] {
    var all = ["scale.mean": vector(scale.mean), "scale.deviation": vector(scale.deviation)]
    guard let model = model as? any SavedModel else { return all }
    for (name, tensor) in model.tensors { all["\(type(of: model).family).\(name)"] = tensor }
    return all
  }

  /// Restores the result of `tensors`, which may come from a file. Throws `ClassicError` on
  /// anything else.
  public init(tensors: [String: ClassicTensor]) throws(ClassicError) {
    let reader = TensorReader(tensors: tensors)
    let mean = try reader.tensor("scale.mean", dimensions: 1).values
    scale = try ZScore(mean: mean, deviation: reader.values("scale.deviation", [mean.count]))
    for family in Self.families {
      let prefix = family.family + "."
      let own = tensors.filter { $0.key.hasPrefix(prefix) }
      guard !own.isEmpty else { continue }
      let named = Dictionary(
        uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
      model = try family.init(TensorReader(tensors: named), features: mean.count)
      return
    }
    throw ClassicError("no model beside the z-score; expected machines, neighbors, forest, mixture")
  }
}

extension SupportVectorMachine: SavedModel {
  static let family = "machines"

  var tensors: [String: ClassicTensor] {
    var gamma: Float = 0
    if case .rbf(let value) = kernel { gamma = value }
    return [
      "support": ClassicTensor(support.values, [support.rows, support.features]),
      "coefficients": ClassicTensor(coefficients, [biases.count, support.rows]),
      "biases": vector(biases), "classes": scalar(Float(classes)), "gamma": scalar(gamma),
      "pairs": scalar(scheme == .oneVersusOne ? 1 : 0),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let classes = try reader.whole("classes", 1...65_536)
    let isPairs = try reader.whole("pairs", 0...1) == 1
    let machines = isPairs ? classes * (classes - 1) / 2 : classes
    let rows = try reader.tensor("support", dimensions: 2)
    guard rows.shape[1] == features else {
      throw ClassicError("'support' has \(rows.shape[1]) features; expected \(features)")
    }
    let gamma = try reader.values("gamma", [1])[0]
    guard gamma >= 0 else { throw ClassicError("'gamma' is \(gamma); expected 0 or more") }
    self.init(
      classes: classes, kernel: gamma > 0 ? .rbf(gamma: gamma) : .linear,
      scheme: isPairs ? .oneVersusOne : .oneVersusRest,
      support: Examples(finite: rows.values, features: features),
      coefficients: try reader.values("coefficients", [machines, rows.shape[0]]),
      biases: try reader.values("biases", [machines]))
  }
}

extension NearestNeighbors: SavedModel {
  static let family = "neighbors"

  var tensors: [String: ClassicTensor] {
    let shape = [labels.rows, labels.classes]
    return [
      "rows": ClassicTensor(examples.values, [examples.rows, examples.features]),
      "targets": ClassicTensor(labels.isPositive.map { $0 == true ? 1 : 0 }, shape),
      "observed": ClassicTensor(labels.isPositive.map { $0 == nil ? 0 : 1 }, shape),
      "count": scalar(Float(neighbors)),
    ]
  }

  init(_ reader: TensorReader, features: Int) throws(ClassicError) {
    let rows = try reader.tensor("rows", dimensions: 2)
    let targets = try reader.tensor("targets", dimensions: 2)
    let observed = try reader.values("observed", targets.shape)
    guard rows.shape[1] == features else {
      throw ClassicError("'rows' has \(rows.shape[1]) features; expected \(features)")
    }
    let labels = zip(targets.values, observed).map { $1 > 0 ? $0 >= 0.5 : nil }
    try self.init(
      fitting: Examples(finite: rows.values, features: features),
      ClassicLabels(labels, classes: targets.shape[1]),
      neighbors: reader.whole("count", 1...16_777_216))
  }
}
