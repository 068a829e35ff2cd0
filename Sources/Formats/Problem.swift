// An error about a file, a folder or a setting, in one line.
import Foundation

/// The error of all readers of files, data sets and weights. It prints as `PLACE:LINE: what is
/// wrong; what was expected`, or `PLACE: …` without a line.
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
  /// A file or folder, an id, or the name of a setting.
  public let place: String
  /// Counted from 1.
  public let line: Int?
  /// What is wrong and what was expected, separated by a semicolon.
  public let message: String
  /// The `errno` if the system failed; then the content of `place` is unknown. Nil if the content
  /// is wrong or missing.
  public let systemError: Int32?

  public init(_ place: String, line: Int? = nil, _ message: String) {
    self.init(place, line, message, systemError: nil)
  }

  public init(_ url: URL, line: Int? = nil, _ message: String) {
    self.init(url.relativePath, line, message, systemError: nil)
  }

  /// The system failed with `code`, and the content of `path` is unknown.
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

  /// `PLACE:LINE`, or `PLACE` without a line.
  public var position: String {
    let place = Self.plain(place)
    return line.map { "\(place):\($0)" } ?? place
  }

  public var description: String { "\(position): \(message)" }

  /// Names in a damaged file may contain anything, including control sequences of terminals.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{fffd}" }))
  }

  /// A file may claim a shape of 200,000 axes. The middle of a long message is left out, since its
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

/// Describes errors of the system in words.
public enum SystemWords {
  /// The system's message for an `errno`.
  public static func of(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// One line for any error; for an error of Foundation its underlying cause.
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

  /// The same after the path that the error names, if any.
  public static func sentence(_ error: any Error) -> String {
    guard isFoundations(error) else { return String(describing: error) }
    let info = (error as NSError).userInfo
    let path = info[NSFilePathErrorKey] as? String ?? (info[NSURLErrorKey] as? URL)?.path
    return [path, of(error)].compactMap { $0 }.joined(separator: ": ")
  }

  private static func isFoundations(_ error: any Error) -> Bool {
    type(of: error) is NSError.Type || error is CocoaError || error is POSIXError
  }

  /// Foundation's codes for file errors, and the system's.
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
