// Trains a small network on arrays: is a point in the plane inside the unit circle?
import Autograd
import Layers

struct Network: Parametric {
  let hidden: Linear
  let output: Linear

  init(_ random: RandomSource) {
    hidden = Linear(2, 32, initialization: .he, random: random)
    output = Linear(32, 1, random: random)
  }

  /// Points [N, 2] → logits [N, 1].
  func callAsFunction(_ points: Tensor, _ mode: Mode) -> Tensor {
    output(hidden(points, mode).relu(), mode)
  }
}

let random = RandomSource(Generator(seed: 0))

let coordinates = (0..<1000).map { _ in Float(random.generator.uniform(-1.5, 1.5)) }
let (x, y) = (coordinates.prefix(500), coordinates.suffix(500))
let points = Tensor(zip(x, y).flatMap { [$0, $1] }, [500, 2])
let isInside = zip(x, y).map { $0 * $0 + $1 * $1 < 1 }
let targets = Tensor(isInside.map { $0 ? 1 : 0 }, [500, 1])
let observed = Tensor(repeating: 1, [500, 1])  // 0 would leave an entry out of the loss

let network = Network(random)
let optimizer = Adam(network.namedParameters)
for step in 1...400 {
  let logits = network(points, .training(random))
  let loss = logits.binaryCrossEntropy(logitsAgainst: targets, observed: observed)
  optimizer.step(gradients(of: loss), learningRate: 0.02)
  if step % 100 == 0 { print("step \(step): loss \(loss.item)") }
}
let logits = network(points, .evaluation()).values
let correct = zip(logits, isInside).count { ($0 > 0) == $1 }
print("accuracy on the training points: \(Double(correct) / 500)")
