// One transfer by curl, and what its exit status means for the next one.
import Formats
import Foundation

/// curl as a child process. Proxies, certificates and `~/.curlrc` are curl's own business.
struct Curl {
  enum Outcome: Equatable {
    /// The file is complete as far as the server says.
    case whole
    /// The server or the network broke off; another attempt may go on from there.
    case broken(String)
    /// The server cannot send the rest; the file has to begin anew.
    case noResume
    /// This address will not give the file.
    case refused(String)
    /// The file cannot be written.
    case unwritable(String)
  }

  let program: ChildProgram

  /// Appends what is missing of `address` to `file`. `tick` as in `ChildProgram.run`. `headers`: a
  /// file for the headers of the answer; if it holds an entity tag from an earlier transfer, the
  /// server sends the rest only of that version (RFC 9110, 13.1.5).
  func transfer(
    _ address: String, to file: URL, headers: URL?, tick: () throws -> Bool
  ) throws -> Outcome {
    var arguments = Self.arguments(address, file)
    if let headers {
      if try Folders.size(file) > 0, let tag = try Self.entityTag(headers) {
        arguments = ["--header", "If-Range: \(tag)"] + arguments
      }
      arguments = ["--dump-header", headers.path] + arguments
    }
    return Self.meaning(try program.run(arguments, tick: tick))
  }

  /// The last strong entity tag in a file of headers.
  private static func entityTag(_ file: URL) throws -> String? {
    try StoredFile.text(file)?.split(whereSeparator: \.isNewline).last { line in
      line.lowercased().hasPrefix("etag:")
    }.map { $0.dropFirst(5).trimmingCharacters(in: .whitespaces) }.flatMap {
      $0.hasPrefix("\"") ? $0 : nil
    }
  }

  private static func arguments(_ address: String, _ file: URL) -> [String] {
    // Whoever is asked by https is not answered by http.
    let redirects = address.hasPrefix("https:") ? "=https" : "=http,https"
    return [
      "--fail", "--location", "--silent", "--show-error", "--proto", "=http,https,file",
      "--proto-redir", redirects, "--max-redirs", "10", "--connect-timeout", "20",
      "--speed-limit", "1", "--speed-time", "60", "--continue-at", "-",
      "--write-out", "%{http_code}", "--output", file.path, "--", address,
    ]
  }

  /// Exit statuses: curl(1), "EXIT CODES".
  static func meaning(_ outcome: ChildProgram.Outcome) -> Outcome {
    let code = Int(outcome.output.suffix(3)) ?? 0
    let words = plain(outcome.complaint, outcome.status)
    switch outcome.status {
    case 0 where code == 416: return .noResume
    case 0: return .whole
    case 33, 36: return .noResume
    case 23: return .unwritable(words)
    case 128 + SIGXFSZ: return .unwritable("a file may not be that large (ulimit -f)")
    case 22 where code == 416: return .noResume
    case 22 where code == 408 || code == 429 || code >= 500: return .broken(words)
    case 7, 16, 18, 28, 35, 52, 55, 56, 92, 95: return .broken(words)
    default: return .refused(words)
    }
  }

  /// `curl: (7) Failed to connect …` without its prefix.
  private static func plain(_ complaint: String, _ status: Int32) -> String {
    let line = complaint.split(separator: "\n").last.map(String.init) ?? ""
    let words = line.replacing(#/^curl: \(\d+\) /#, with: "")
    guard words.isEmpty else { return words }
    return status > 128 ? "curl was ended by signal \(status - 128)" : "curl failed (\(status))"
  }
}
