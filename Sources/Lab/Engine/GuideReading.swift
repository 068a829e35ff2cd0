// Texts about methods and sessions, for the screens.
import Formats
import Foundation

/// Which text is wanted.
public enum GuideRequest: Sendable, Equatable {
  /// `Documentation/Guides/ID.md`.
  case method(String)
  /// `README.md` in the folder of a session.
  case session(URL)
  case openSession
}

extension LabEngine {
  func sendGuide(_ request: GuideRequest) throws {
    let (file, title) = try place(of: request)
    guard let text = try StoredFile.text(file) else {
      throw LabError("\(file.path): no such text; expected a guide")
    }
    mailbox.send(.guide(title: title, text: text))
  }

  private func place(of request: GuideRequest) throws -> (file: URL, title: String) {
    switch request {
    case .method(let id):
      guard let guides else {
        throw LabError(
          "\(id): the guides are not beside the program; expected Documentation/Guides")
      }
      return (guides.appendingPathComponent("\(id).md"), id)
    case .session(let folder): return (readme(folder), folder.lastPathComponent)
    case .openSession: return (readme(sessionFolder), sessionFolder.lastPathComponent)
    }
  }

  private func readme(_ folder: URL) -> URL { folder.appendingPathComponent("README.md") }
}
