// One sentence about an error, for people: our own errors say it themselves, for Foundation's the
// file and the system's words.
import Formats
import Foundation

func reason(of error: any Error) -> String { SystemWords.sentence(error) }

/// Something about a run that cannot go on: what is wrong and what was expected.
public struct LabError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
