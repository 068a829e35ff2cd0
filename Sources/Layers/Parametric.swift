import Autograd

/// Parameters and buffers with the names that they have in checkpoints.
public typealias NamedParameters = [(name: String, parameter: Parameter)]

/// A layer or model: anything that holds parameters or other parametric parts.
///
/// ```swift
/// struct Head: Parametric {
///   let norm: LayerNorm
///   let dense: Linear
/// }
/// let random = RandomSource(Generator(seed: 1))
/// let head = Head(norm: LayerNorm(64), dense: Linear(64, 5, random: random))
/// let names = head.namedParameters.map(\.name)  // norm.weight, norm.bias, dense.weight, …
/// ```
public protocol Parametric {
  /// All parameters and buffers with the names they have in checkpoints, such as "conv1.weight" and
  /// "bn1.running_mean". The default reads the labels of the stored properties, in the order of
  /// declaration.
  var namedParameters: NamedParameters { get }
  /// The number of values that the layer or model computes with, including buffers and weights kept
  /// elsewhere.
  var parameterCount: Int { get }
  /// Restores values by name.
  ///
  /// - Throws: ``StateError`` if a name or a shape does not fit; then nothing changes.
  func restore(_ state: [String: Tensor]) throws
}

extension Parametric {
  /// The number of values in all parameters and buffers.
  public var parameterCount: Int {
    namedParameters.map(\.parameter.value.count).reduce(0, +)
  }

  public var namedParameters: NamedParameters {
    Mirror(reflecting: self).children.flatMap { named($0.value, $0.label ?? "") }
  }

  /// The parameters with `prefix` and a dot before their names, as those of a part of a model.
  package func namedParameters(under prefix: String) -> NamedParameters {
    namedParameters.map { ("\(prefix).\($0.name)", $0.parameter) }
  }

  /// The number of values in trainable parameters.
  public var trainableCount: Int {
    namedParameters.filter(\.parameter.isTrainable).map(\.parameter.value.count).reduce(0, +)
  }

  /// The values by name, for a checkpoint.
  public var state: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter.value) })
  }

  /// Restores values by name.
  ///
  /// - Throws: ``StateError`` if a name or a shape does not fit; then nothing changes.
  public func restore(_ state: [String: Tensor]) throws {
    let own = namedParameters
    for (name, parameter) in own {
      guard let value = state[name] else { throw StateError.missing(name) }
      guard value.shape == parameter.value.shape else {
        throw StateError.shape(name, found: value.shape, expected: parameter.value.shape)
      }
      guard !parameter.isFixed || value.values == parameter.value.values else {
        throw StateError.fixed(name)
      }
    }
    let unknown = Set(state.keys).subtracting(own.map(\.name)).min()
    if let unknown { throw StateError.unknown(unknown) }
    for (name, parameter) in own { parameter.value = state[name] ?? parameter.value }
  }
}

/// The reason why a checkpoint does not fit a model or an optimizer.
public enum StateError: Error, Equatable, CustomStringConvertible {
  /// The checkpoint has no tensor of this name.
  case missing(String)
  /// The checkpoint has a tensor that belongs to no parameter.
  case unknown(String)
  /// The tensor of this name has another shape than the parameter.
  case shape(String, found: [Int], expected: [Int])
  /// The mark of weights kept elsewhere differs.
  case fixed(String)

  /// One line: what is wrong, and what was expected.
  public var description: String {
    switch self {
    case .missing(let name): "there is no '\(name)'; expected one tensor for every parameter"
    case .unknown(let name): "'\(name)' belongs to no parameter; expected another model's names"
    case .shape(let name, let found, let expected):
      "'\(name)' has shape \(found); expected \(expected)"
    case .fixed(let name):
      "'\(name)' differs from that of the frozen weights; expected the weight file that this was "
        + "trained with"
    }
  }
}

private func named(_ value: Any, _ path: String) -> NamedParameters {
  let name = snakeCase(path)
  switch value {
  case let parameter as Parameter: return [(name, parameter)]
  case let part as any Parametric: return part.namedParameters(under: name)
  default: break
  }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: return mirror.children.flatMap { named($0.value, path) }
  case .collection:
    return mirror.children.enumerated().flatMap { named($1.value, "\(name).\($0)") }
  default: return []
  }
}

/// "runningMean" → "running_mean", as the reference implementations write it.
private func snakeCase(_ label: String) -> String {
  label.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
}
