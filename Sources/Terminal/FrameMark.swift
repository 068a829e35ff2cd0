// What the workbench says of each picture it has sent, for those who measure it from outside.
import Glibc

/// One line a frame: `12 keys 3 points 4096 120x40`.
public struct FrameMark: Sendable, Equatable {
  public var number: Int
  /// Keys taken so far.
  public var keys: Int
  /// Points that the curves of the run hold.
  public var points: Int
  public var width, height: Int

  /// Where they are written by convention.
  public static let descriptor: Int32 = 3

  public init(number: Int, keys: Int, points: Int, width: Int, height: Int) {
    self.number = number
    self.keys = keys
    self.points = points
    self.width = width
    self.height = height
  }

  package init?(_ line: String) {
    let words = line.split(whereSeparator: { " x".contains($0) }).compactMap { Int($0) }
    guard words.count == 5 else { return nil }
    self.init(
      number: words[0], keys: words[1], points: words[2], width: words[3], height: words[4])
  }

  /// Writes the line; a reader that is gone is no reason to stop.
  public func write(to descriptor: Int32) {
    let line = "\(number) keys \(keys) points \(points) \(width)x\(height)\n"
    _ = Glibc.write(descriptor, line, line.utf8.count)
  }
}
