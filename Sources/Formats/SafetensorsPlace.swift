// Tensors that stay in their file until they are wanted.
import Foundation

extension Safetensors {
  /// Where one tensor lies in a file.
  public struct Place: Sendable, Equatable {
    public let file: URL
    public let shape: [Int]
    private let start, count: Int
    private let type: ElementType

    fileprivate init(_ span: Span, in file: URL) {
      self.file = file
      shape = span.shape
      start = span.start
      count = span.count
      type = span.type
    }

    /// The values as they are now, row-major. Throws `Problem` where the file has gone or has
    /// become too short.
    public func read() throws -> [Float] {
      try type.floats(
        of: OpenFile(file), at: start, count: count, of: "a tensor of \(shape)")
    }
  }

  /// The place of every tensor by name; only the header is read, and all of it checked. Throws
  /// `Problem`.
  public static func places(_ url: URL) throws -> [String: Place] {
    let file = try OpenFile(url)
    let layout = try layout(file)
    try layout.expectAll(file)
    return Dictionary(uniqueKeysWithValues: layout.spans.map { ($0.name, Place($0, in: url)) })
  }
}
