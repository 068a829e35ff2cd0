// One file from the first of its mirrors that has it: resumed, checked, renamed.
import Formats
import Foundation

/// How files are fetched. The initial values are for users; tests shorten the pauses.
package struct DownloadOptions: Sendable {
  /// The command for curl; further words come before its arguments.
  package var curl = ["curl"]
  /// Attempts without a new byte before the next mirror is tried.
  package var attempts = 4
  /// The pause after the first such attempt in s; it doubles with each.
  package var pause = 1.0
  package var environment = ProcessInfo.processInfo.environment
  /// Where the digests of first downloads are recorded.
  package var ledger = UserFolders().state.appendingPathComponent("fetched.tsv")

  package init() {}
}

/// Reports what is being done, with bytes or files done and in total; the total is 0 if unknown. If
/// it returns false, the work throws `CancellationError`. It is called from one thread.
package typealias DownloadProgress = (_ what: String, _ done: Int, _ total: Int) -> Bool

/// A downloaded file.
package struct FetchedFile: Sendable, Equatable {
  package enum Check: String, Sendable, Encodable {
    /// The digest is the published one.
    case published
    /// The digest is that of the first download here.
    case recorded
    /// There was nothing to compare with.
    case first
  }

  package let name: String
  package let bytes: Int
  package let digest: FileDigest
  package let check: Check
  /// Nil if it was already here.
  package let address: String?
}

/// One file on its way into a folder.
struct Download {
  let file: RemoteFile
  /// `id/name`, as in the ledger.
  let key: String
  let mirrors: [String]
  let folder: URL
  let options: DownloadOptions
  let ledger: DigestLedger
  let progress: DownloadProgress

  /// Why a mirror does not give the file.
  private struct Refusal: Error { let reason: String }

  var target: URL { folder.appendingPathComponent(file.name) }
  private var part: URL { folder.appendingPathComponent("\(file.name).part") }
  /// Where the server's headers are kept, which say of which version the `.part` is. Without a
  /// digest nothing else would notice a file put together from two versions.
  private var headers: URL? {
    file.digest == nil ? folder.appendingPathComponent("\(file.name).headers") : nil
  }

  /// Fetches the file, unless it is here already. The `.part` of an interrupted download stays.
  /// Throws `Problem` and `CancellationError`.
  func run() throws -> FetchedFile {
    if try StoredFile.isFile(target) {
      do { return try checked(target, address: nil) } catch is Refusal {
        try Folders.remove(target)
      }
    }
    var reasons: [String] = []
    for address in mirrors {
      do {
        let fetched = try fetch(address)
        try Folders.rename(part, target)
        try discard()
        return fetched
      } catch let refusal as Refusal {
        reasons.append("\(address): \(refusal.reason)")
      }
    }
    throw Problem(file.name, "cannot be fetched: " + reasons.joined(separator: "; "))
  }

  /// A wrong file that was put together from several transfers may come from different versions; it
  /// is fetched once more in one piece.
  private func fetch(_ address: String) throws -> FetchedFile {
    let isResumed = try Folders.size(part) > 0
    let isWhole = try transfer(address)
    do { return try checked(part, address: address) } catch let refusal as Refusal {
      try discard()
      guard isResumed || !isWhole else { throw refusal }
    }
    _ = try transfer(address)
    do { return try checked(part, address: address) } catch let refusal as Refusal {
      try discard()
      throw refusal
    }
  }

  /// Removes the `.part` and what is known of it.
  private func discard() throws {
    try Folders.remove(part)
    if let headers { try Folders.remove(headers) }
  }

  /// Transfers until the server says that the file is complete. Returns whether it came in one
  /// piece.
  private func transfer(_ address: String) throws -> Bool {
    let curl = Curl(
      program: ChildProgram(command: options.curl, environment: options.environment))
    var (fruitless, pieces) = (0, 0)
    while true {
      let before = try usableBytes()
      if before > 0, before == file.bytes { return pieces <= 1 }
      pieces += 1
      let outcome = try curl.transfer(address, to: part, headers: headers, tick: tick)
      let reason: String
      switch outcome {
      case .whole: return pieces == 1
      case .refused(let words): throw Refusal(reason: words)
      case .unwritable(let words): throw unwritable(words)
      case .broken(let words): reason = words
      case .noResume:
        try discard()
        reason = "the server cannot go on with a file that was broken off"
      }
      fruitless = try Folders.size(part) > before ? 0 : fruitless + 1
      guard fruitless < options.attempts else { throw Refusal(reason: reason) }
      try pause(fruitless)
    }
  }

  /// The size of the `.part`, which is removed if it is longer than the file can be.
  private func usableBytes() throws -> Int {
    let size = try Folders.size(part)
    guard let bytes = file.bytes, size > bytes else { return size }
    try discard()
    return 0
  }

  /// Waits after attempts without a new byte.
  private func pause(_ fruitless: Int) throws {
    guard fruitless > 0 else { return }
    let end = Date().addingTimeInterval(options.pause * Double(1 << min(fruitless - 1, 5)))
    while Date() < end {
      guard try tick() else { throw CancellationError() }
      usleep(20_000)
    }
  }

  private func tick() throws -> Bool {
    progress(file.name, try Folders.size(part), file.bytes ?? 0)
  }

  private func unwritable(_ reason: String) -> Problem {
    let free = Folders.free(at: folder).map { "; \(ByteCount($0)) are free" } ?? ""
    let needed = file.bytes.map { " for \(ByteCount($0))" } ?? ""
    return Problem(part, "cannot be written (\(reason)); expected room\(needed)\(free)")
  }

  /// Compares size and digest. Throws `Refusal` if one is wrong.
  private func checked(_ url: URL, address: String?) throws -> FetchedFile {
    let bytes = try Folders.size(url)
    if let digest = file.digest {
      let found = try self.digest(url, digest.kind)
      guard found == digest else {
        throw Refusal(reason: "its \(found) differs; expected \(digest)")
      }
      return result(bytes, found, .published, address)
    }
    if let expected = file.bytes, bytes != expected {
      throw Refusal(reason: "has \(bytes) bytes; expected \(expected)")
    }
    let found = try digest(url, .sha256)
    guard let known = ledger.entries[key] else { return result(bytes, found, .first, address) }
    guard known.digest == found else {
      throw Refusal(
        reason: "it has changed since \(known.day): its \(found) differs; expected \(known.digest),"
          + " or no line \(key) in \(ledger.file.path) if the new file is right")
    }
    return result(bytes, found, .recorded, address)
  }

  private func digest(_ url: URL, _ kind: FileDigest.Kind) throws -> FileDigest {
    try FileDigest.of(url, kind, options.environment) {
      progress("checking \(file.name)", 0, 0)
    }
  }

  private func result(
    _ bytes: Int, _ digest: FileDigest, _ check: FetchedFile.Check, _ address: String?
  ) -> FetchedFile {
    FetchedFile(name: file.name, bytes: bytes, digest: digest, check: check, address: address)
  }
}

/// Bytes in decimal units: "2.6 GB".
package struct ByteCount: CustomStringConvertible {
  private let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  package var description: String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(bytes), 0)
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return String(format: unit == 0 || value >= 100 ? "%.0f" : "%.1f", value) + " \(units[unit])"
  }
}
