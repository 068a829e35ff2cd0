// Anything that holds parameters, and the names they go by in checkpoints.
import Autograd

/// A layer or model made of parameters and of other parametric things.
public protocol Parametric {
  /// Every parameter and buffer, named by its path: "conv1.weight", "bn1.running_mean",
  /// "emb.batchnorm.0.bias". Ours come from property labels, in order of declaration.
  var namedParameters: [(name: String, parameter: Parameter)] { get }
  /// How many values it computes with, buffers and weights that are kept elsewhere included.
  var parameterCount: Int { get }
  /// Takes over values by name; throws where they do not fit, and then nothing changes.
  func restore(_ state: [String: Tensor]) throws
}

extension Parametric {
  public var parameterCount: Int {
    namedParameters.map(\.parameter.value.count).reduce(0, +)
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    Mirror(reflecting: self).children.flatMap { named($0.value, $0.label ?? "") }
  }

  /// How many values training changes.
  public var trainableCount: Int {
    namedParameters.filter(\.parameter.isTrainable).map(\.parameter.value.count).reduce(0, +)
  }

  /// The values by name, for a checkpoint.
  public var state: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter.value) })
  }

  /// Takes over values by name; nothing changes when a name or a shape is wrong.
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

/// Why a checkpoint does not fit what it should be restored into.
public enum StateError: Error, Equatable, CustomStringConvertible {
  case missing(String)
  case unknown(String)
  case shape(String, found: [Int], expected: [Int])
  /// A mark of weights that are kept elsewhere differs.
  case fixed(String)

  public var description: String {
    switch self {
    case .missing(let name): "there is no '\(name)'; expected one tensor for every parameter"
    case .unknown(let name): "'\(name)' belongs to no parameter; expected another model's names"
    case .shape(let name, let found, let expected):
      "'\(name)' has shape \(found); expected \(expected)"
    case .fixed(let name):
      "'\(name)' is another than that of the frozen weights here; expected the file of weights "
        + "that this was trained with"
    }
  }
}

private func named(_ value: Any, _ path: String) -> [(name: String, parameter: Parameter)] {
  let name = snakeCase(path)
  switch value {
  case let parameter as Parameter: return [(name, parameter)]
  case let part as any Parametric:
    return part.namedParameters.map { ("\(name).\($0.name)", $0.parameter) }
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
