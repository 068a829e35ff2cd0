// Digests of whole files, which decide whether a download is the file that was published.
import Formats
import Foundation

/// A digest, in lower-case hexadecimal digits.
package struct FileDigest: Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable { case md5, sha1, sha256 }

  package let kind: Kind
  package let hex: String

  package static func md5(_ hex: String) -> FileDigest { FileDigest(kind: .md5, hex: hex) }
  package static func sha256(_ hex: String) -> FileDigest { FileDigest(kind: .sha256, hex: hex) }

  package init(kind: Kind, hex: String) { (self.kind, self.hex) = (kind, hex) }

  /// The number of hexadecimal digits of a kind.
  package static func digits(_ kind: Kind) -> Int {
    switch kind {
    case .md5: 32
    case .sha1: 40
    case .sha256: 64
    }
  }

  package var description: String { "\(kind.rawValue) \(hex)" }

  /// The digest of a file, computed by `md5sum`, `sha1sum` or `sha256sum` of coreutils.
  static func of(
    _ file: URL, _ kind: Kind, _ environment: [String: String], tick: () throws -> Bool
  ) throws -> FileDigest {
    let name = "\(kind.rawValue)sum"
    let program = ChildProgram(command: [name], environment: environment)
    let outcome = try program.run(["-b", "--", file.path], tick: tick)
    // A name with a backslash or a newline is escaped, and its line begins with a backslash.
    let hex = String(outcome.output.drop { $0 == "\\" }.prefix { $0.isHexDigit })
    guard outcome.status == 0, hex.count == digits(kind) else {
      throw Problem(file, "\(name) failed (\(outcome.complaint)); expected a digest")
    }
    return FileDigest(kind: kind, hex: hex)
  }
}
