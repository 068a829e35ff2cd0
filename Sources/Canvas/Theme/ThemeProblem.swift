import PlainYAML

/// A problem in a theme file: `FILE:LINE: what is wrong; what was expected`.
public struct ThemeProblem: Error, Sendable, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int?
  public let message: String

  public init(_ file: String, line: Int? = nil, _ message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  public var description: String {
    OneLine.text(line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)")
  }
}
