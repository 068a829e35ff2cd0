import Autograd

/// A classifier without gradients, such as a random forest, which is fitted to all rows at once.
///
/// Batches add rows. The first prediction in evaluation mode, or the first access to the state,
/// fits the classifier. A row with a known name replaces the earlier one, so further epochs change
/// nothing, and the order of the batches does not matter.
public protocol RowLearner: Classifier {
  /// Adds the rows of a batch.
  ///
  /// - Parameters:
  ///   - input: The model's input, [B, …].
  ///   - targets: [B, C], in 0...1.
  ///   - observed: [B, C]: 1 for an observed label, 0 for a missing one.
  ///   - names: A name for each row.
  func take(_ input: Tensor, targets: Tensor, observed: Tensor, names: [String])
}
