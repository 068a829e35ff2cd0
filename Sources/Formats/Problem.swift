// Why something could not be read, written or opened, in one line.
import Foundation

/// Prints `PLACE:LINE: what is wrong; what was expected`, or `PLACE: …` where lines mean nothing.
/// Readers of files, data sets and weights throw this one error.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// A file or a folder; else an id or the name of a setting.
  public let place: String
  /// Counted from 1.
  public let line: Int?
  /// What is wrong and what was expected instead, separated by a semicolon.
  public let message: String
  /// The `errno` where the system failed: what lies at `place` is not known then. Nil where
  /// something is wrong with what lies there, or nothing does.
  public let systemError: Int32?

  public init(_ place: String, line: Int? = nil, _ message: String) {
    self.init(place, line, message, systemError: nil)
  }

  public init(_ url: URL, line: Int? = nil, _ message: String) {
    self.init(url.relativePath, line, message, systemError: nil)
  }

  /// The system failed with `code` and did not say what lies at `path`.
  init(_ path: String, notLookedAt code: Int32) {
    self.init(
      path, nil, "cannot be looked at (\(SystemWords.of(code))); expected it to be readable",
      systemError: code)
  }

  init(_ place: String, _ line: Int?, _ message: String, systemError: Int32?) {
    self.place = place
    self.line = line
    self.message = Self.shortened(Self.plain(message))
    self.systemError = systemError
  }

  /// `PLACE:LINE`, or the place alone.
  public var position: String {
    let place = Self.plain(place)
    return line.map { "\(place):\($0)" } ?? place
  }

  public var description: String { "\(position): \(message)" }

  /// Names out of a damaged file could hold anything, also what a terminal would obey.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{fffd}" }))
  }

  /// A file may claim a shape of 200,000 axes. What is left out comes from the middle, since the
  /// end says what was expected.
  private static func shortened(_ text: String) -> String {
    guard text.unicodeScalars.count > 2 * halfLength else { return text }
    let scalars = text.unicodeScalars
    return String(scalars.prefix(halfLength)) + " … " + String(scalars.suffix(halfLength))
  }

  private static let halfLength = 400

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: false
    default: true
    }
  }
}

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
