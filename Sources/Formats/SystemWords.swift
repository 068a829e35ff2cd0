// The system's words for an error, such as "No space left on device". Foundation wraps them and
// speaks of domains and codes, which tell nobody anything.
import Foundation

public enum SystemWords {
  /// Of an `errno`.
  public static func of(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// One line: an error of ours says it itself, one of Foundation's is asked for its cause.
  public static func of(_ error: any Error) -> String {
    guard isFoundations(error) else { return String(describing: error) }
    var next: NSError? = error as NSError
    while let current = next {
      if current.domain == NSPOSIXErrorDomain { return of(Int32(truncatingIfNeeded: current.code)) }
      next = current.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    let error = error as NSError
    return cocoa[error.code].map { of($0) } ?? plain(error)
  }

  /// The same behind the path that the error names, if it names one.
  public static func sentence(_ error: any Error) -> String {
    guard isFoundations(error) else { return String(describing: error) }
    let info = (error as NSError).userInfo
    let path = info[NSFilePathErrorKey] as? String ?? (info[NSURLErrorKey] as? URL)?.path
    return [path, of(error)].compactMap { $0 }.joined(separator: ": ")
  }

  private static func isFoundations(_ error: any Error) -> Bool {
    type(of: error) is NSError.Type || error is CocoaError || error is POSIXError
  }

  /// Foundation's own numbers for errors of files, as the system has them.
  private static let cocoa: [Int: Int32] = [
    4: ENOENT, 256: EIO, 257: EACCES, 258: EINVAL, 260: ENOENT, 263: EFBIG, 512: EIO, 513: EACCES,
    514: EINVAL, 516: EEXIST, 640: ENOSPC, 642: EROFS,
  ]

  private static func plain(_ error: NSError) -> String {
    let line = error.localizedDescription.split(whereSeparator: \.isNewline).joined(separator: " ")
    guard !line.contains(error.domain) else { return "failed, and the system does not say why" }
    return line.trimmingCharacters(in: CharacterSet(charactersIn: " ."))
  }
}
