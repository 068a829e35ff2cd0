// The interface of fitted classic models.

/// Fitted and immutable.
public protocol ClassicModel: Sendable {
  var classes: Int { get }
  /// Scores `[rows, classes]` in 0...1, larger for a more likely class. 0.5 is the model's own
  /// decision threshold for a class. Each model documents its scores.
  func scores(_ examples: Examples) -> [Float]
}

extension ClassicModel {
  /// The highest-scored class of every row; the first one of tied classes.
  public func decisions(_ examples: Examples) -> [Int] {
    let scores = scores(examples)
    return (0..<examples.rows).map { row in
      var best = 0
      for index in 1..<max(classes, 1)
      where scores[row * classes + index] > scores[row * classes + best] { best = index }
      return best
    }
  }
}

/// The checks of every learner before it starts.
func checkFit(_ examples: Examples, _ labels: ClassicLabels) throws(ClassicError) {
  guard examples.rows == labels.rows, examples.rows > 0 else {
    throw ClassicError("\(examples.rows) rows and \(labels.rows) rows of labels; expected as many")
  }
}
