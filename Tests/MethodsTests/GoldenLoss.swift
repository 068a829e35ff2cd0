// Golden values of losses: labels from their codes, and gradients.
import Autograd
import Methods
import TestSupport
import Testing

typealias GoldenLoss = GoldenCase

extension GoldenCase {
  func tensor(_ array: String) throws -> Tensor { Tensor(try values(array), try shape(array)) }

  /// Labels from codes: 1 is a positive, `negative` an observed negative, all else missing.
  func labels(_ array: String, negative: Float? = nil) throws -> [EntryLabel] {
    let classes = try shape(array)[1]
    return try values(array).enumerated().map { index, code in
      EntryLabel(
        target: code == 1 ? 1 : 0, isObserved: code == 1 || code == negative,
        classIndex: index % classes)
    }
  }

  /// Compares a loss of the logits, and its gradient, with `out_loss` and `out_grad_logits`.
  func expectLoss(row: Int? = nil, _ loss: (Tensor) throws -> Tensor) throws {
    let logits = Parameter(try tensor("in_logits"))
    let value = try loss(logits.tensor)
    try expect(value.values, equal: "out_loss", row: row)
    let gradient = gradients(of: value)[logits] ?? .zeros(logits.value.shape)
    try expect(gradient.values, equal: "out_grad_logits", row: row)
  }
}
