// Names of curves, each kept once: a log of a million points has a few dozen.
import Foundation

/// The names that a log uses, numbered in the order of their first point.
package struct TagTable: Sendable {
  package private(set) var names: [String] = []
  /// Values that were left out because there were too many names, or one was too long.
  package private(set) var overflow = 0
  private var bytes: [[UInt8]] = []
  private var places: [String: Int] = [:]
  /// The place that came after each place last time: the usual order is found without hashing.
  private var follower: [Int] = []
  private var last = -1

  package static let most = 10_000
  package static let longest = 1024

  package init() {}

  /// The number of a name; nil if the table is full or the name is too long.
  package mutating func place(of name: UnsafeRawBufferPointer) -> Int? {
    let guess = last < 0 ? -1 : follower[last]
    let found = guess >= 0 && Self.equal(bytes[guess], name) ? guess : look(name)
    guard let found else {
      overflow += 1
      return nil
    }
    if last >= 0 { follower[last] = found }
    last = found
    return found
  }

  private mutating func look(_ name: UnsafeRawBufferPointer) -> Int? {
    guard name.count <= Self.longest else { return nil }
    let text = String(decoding: name, as: UTF8.self)
    if let known = places[text] { return known }
    guard names.count < Self.most else { return nil }
    places[text] = names.count
    names.append(text)
    bytes.append(Array(name))
    follower.append(-1)
    return names.count - 1
  }

  private static func equal(_ known: [UInt8], _ name: UnsafeRawBufferPointer) -> Bool {
    known.count == name.count
      && known.withUnsafeBytes { known in
        guard let a = known.baseAddress, let b = name.baseAddress else { return known.isEmpty }
        return memcmp(a, b, known.count) == 0
      }
  }
}
