// One sentence about an error, for people: our own errors say it themselves, Foundation's are
// asked for the system's words.
import Foundation

func reason(of error: any Error) -> String {
  if Mirror(reflecting: error).subjectType == NSError.self || error is CocoaError {
    let error = error as NSError
    let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError
    return inner?.localizedDescription ?? error.localizedDescription
  }
  return String(describing: error)
}

/// Something about a run that cannot go on: what is wrong and what was expected.
public struct LabError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
