/// Why the terminal cannot be used, and what would help.
public struct TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
