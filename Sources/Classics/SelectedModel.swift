// A model on a subset of the features.

/// The model of a node of a tree of classes.
public struct SelectedModel: ClassicModel {
  /// The features that it uses, in the order of their selection.
  public let features: [Int]
  public let model: ScaledModel

  public var classes: Int { model.classes }

  public func scores(_ examples: Examples) -> [Float] {
    model.scores(examples.choosing(features: features))
  }

  public func decisions(_ examples: Examples) -> [Int] {
    model.decisions(examples.choosing(features: features))
  }

  /// `selected` is the number of features; 0 for all. Every row has exactly one class.
  init(
    fitting examples: Examples, _ labels: ClassicLabels, _ learner: ClassicLearner, selected: Int
  ) throws(ClassicError) {
    features =
      FeatureSelection(
        ZScore(fitting: examples)(examples), owners: labels.classOfRows ?? [],
        classes: labels.classes, count: selected > 0 ? selected : examples.features
      ).features
    model = try learner.fit(examples.choosing(features: features), labels)
  }

  init(features: [Int], model: ScaledModel) {
    (self.features, self.model) = (features, model)
  }
}

extension Examples {
  /// These features of every row, in this order.
  func choosing(features chosen: [Int]) -> Examples {
    guard chosen != Array(0..<features) else { return self }
    var values: [Float] = []
    values.reserveCapacity(rows * chosen.count)
    for row in 0..<rows {
      let own = self[row]
      for feature in chosen { values.append(own[own.startIndex + feature]) }
    }
    return Examples(finite: values, features: max(chosen.count, 1))
  }
}
