// ZIP files for tests, with any names, whole or in volumes.
import Foundation

/// An archive of members that are stored as they are.
public struct StoredZip {
  private var members: [(name: String, content: [UInt8], mode: Int)] = []

  public init() {}

  public init(_ files: [(String, String)]) {
    for (name, text) in files { add(name, Array(text.utf8)) }
  }

  /// `mode`: the type and permissions of Unix.
  public mutating func add(_ name: String, _ content: [UInt8], mode: Int = 0o100644) {
    members.append((name, content, mode))
  }

  /// The archive in one piece.
  public var bytes: [UInt8] { volumes(of: .max)[0] }

  /// The archive in volumes of a size, the last of which is shorter. Offsets count from the
  /// beginning of a volume.
  public func volumes(of size: Int) -> [[UInt8]] {
    var (body, directory) = ([UInt8](), [UInt8]())
    if size < .max { body += [0x50, 0x4b, 7, 8] }
    for (name, content, mode) in members {
      let place = body.count
      let fixed = Self.fixed(name, content)
      body += [0x50, 0x4b, 3, 4] + fixed + Array(name.utf8) + content
      directory += [0x50, 0x4b, 1, 2, 30, 3] + fixed
      directory += Self.number(0, 2) + Self.number(place / size, 2) + Self.number(0, 2)
      directory += Self.number(mode << 16, 4) + Self.number(place % size, 4) + Array(name.utf8)
    }
    let start = body.count
    let last = (start + directory.count) / size
    body += directory + [0x50, 0x4b, 5, 6] + Self.number(last, 2) + Self.number(start / size, 2)
    body += Self.number(members.count, 2) + Self.number(members.count, 2)
    body += Self.number(directory.count, 4) + Self.number(start % size, 4) + Self.number(0, 2)
    guard size < body.count else { return [body] }
    return stride(from: 0, to: body.count, by: size).map {
      Array(body[$0..<min($0 + size, body.count)])
    }
  }

  /// The fields that both headers of a member share, from the version that is needed on.
  private static func fixed(_ name: String, _ content: [UInt8]) -> [UInt8] {
    number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(Int(crc(content)), 4)
      + number(content.count, 4) + number(content.count, 4) + number(name.utf8.count, 2)
      + number(0, 2)
  }

  private static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// CRC-32 of PKWARE's APPNOTE 4.4.7.
  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
      }
    }
  }
}
