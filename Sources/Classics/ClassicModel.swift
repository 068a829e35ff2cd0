// What all fitted classic models can do.

/// Fitted and immutable.
public protocol ClassicModel: Sendable {
  var classes: Int { get }
  /// `[rows, classes]` in 0...1, larger where the class is more likely; 0.5 is where the model
  /// itself would decide "yes" for a class on its own. Each model says what they are.
  func scores(_ examples: Examples) -> [Float]
}

extension ClassicModel {
  /// The highest-scored class of every row; the first of tied ones.
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

/// Checks that every learner does before it starts.
func checkFit(_ examples: Examples, _ labels: ClassicLabels) throws(ClassicError) {
  guard examples.rows == labels.rows, examples.rows > 0 else {
    throw ClassicError("\(examples.rows) rows and \(labels.rows) rows of labels; expected as many")
  }
}
