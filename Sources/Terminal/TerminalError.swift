/// The reason why the terminal cannot be used, and a remedy.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
