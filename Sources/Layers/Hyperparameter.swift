/// One adjustable quantity of a method, a model or the training: what it is called, what values
/// it takes and what it starts from. Forms, `--set`, `session.yaml` and help all read it.
public struct Hyperparameter: Sendable, Equatable {
  /// The recipe key after the owner's prefix, such as `emaDecay`.
  public let key: String
  public let title: String
  /// One line for the form's help and the command line.
  public let help: String
  public let initial: Value
  public let range: Range

  public enum Value: Sendable, Equatable, Hashable {
    case real(Double)
    case integer(Int)
    case flag(Bool)
    case choice(String)
  }

  public enum Range: Sendable, Equatable {
    case real(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    case flag
    /// Any text where there are none.
    case choice([String])
  }

  public init(
    _ key: String, _ title: String, help: String, initial: Value, range: Range
  ) {
    self.key = key
    self.title = title
    self.help = help
    self.initial = initial
    self.range = range
  }
}

extension Hyperparameter {
  /// Which layer of a pre-trained network is read; the network's card has the names.
  public static func layer(_ key: String, of what: String) -> Hyperparameter {
    Hyperparameter(
      key, "layer of \(what)",
      help: "layer of that pre-trained network; default: the one its card names first",
      initial: .choice("default"), range: .choice([]))
  }
}

/// What a catalogue says of a method or a model.
public struct Card: Sendable, Equatable {
  public let id: String
  public let title: String
  /// One line: what it does.
  public let summary: String
  /// Authors, year, identifier; empty where there is none.
  public let paper: String
  public let hyperparameters: [Hyperparameter]

  public init(
    id: String, title: String, summary: String, paper: String = "",
    hyperparameters: [Hyperparameter] = []
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.paper = paper
    self.hyperparameters = hyperparameters
  }
}
