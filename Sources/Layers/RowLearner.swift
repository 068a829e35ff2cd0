// Models that look at all rows at once instead of following a gradient.
import Autograd

/// A classifier that is fitted, not trained: batches are handed over, and whoever next asks for an
/// answer in evaluation mode, or for the state, has the fit made. Handing over a row again replaces
/// it, so more epochs change nothing, and the order of batches does not matter.
public protocol RowLearner: Classifier {
  /// `input` as a model gets it, [B, …]; targets and observed [B, C]; a name for each row.
  func take(_ input: Tensor, targets: Tensor, observed: Tensor, names: [String])
}
