// Golden values of the authors' code for losses, rules and calibration.
import Formats
import Foundation
import Testing

/// A case of the manifest: the arrays of its file, its settings and its tolerance.
public struct GoldenCase: CustomTestStringConvertible, Sendable {
  public let name: String
  /// The settings that are words.
  public let words: [String: String]
  private let numbers: [String: Double]
  private let relative, absolute: Double
  private let arrays: NPZ

  public var testDescription: String { name }

  /// All cases whose name begins with a prefix; none where the shared data are absent.
  public static func all(_ prefixes: String...) throws -> [GoldenCase] {
    guard SharedData.isPresent else { return [] }
    let folder = SharedData.data("golden/losses")
    let text = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
    let manifest = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
    let cases = try #require(manifest["cases"] as? [[String: Any]])
    return try cases.compactMap { entry in
      let name = try #require(entry["name"] as? String)
      guard prefixes.contains(where: name.hasPrefix) else { return nil }
      return try GoldenCase(name, entry, folder)
    }
  }

  private init(_ name: String, _ entry: [String: Any], _ folder: URL) throws {
    self.name = name
    let settings = entry["hyper"] as? [String: Any] ?? [:]
    words = settings.compactMapValues { $0 as? String }
    numbers = settings.compactMapValues { ($0 as? NSNumber)?.doubleValue }
    let tolerances = try #require(entry["tolerance"] as? [String: Any])
    // Cases that only double precision can compute have no other tolerance.
    let tolerance = tolerances["float32"] as? [String: Any] ?? [:]
    relative = tolerance["rtol"] as? Double ?? 2e-5
    absolute = tolerance["atol"] as? Double ?? 2e-6
    arrays = try NPZ(folder.appendingPathComponent("\(name).npz"))
  }

  public func has(_ array: String) -> Bool { arrays.names.contains(array) }
  public func shape(_ array: String) throws -> [Int] { try arrays.array(array).shape }
  public func values(_ array: String) throws -> [Float] { try arrays.array(array).values }
  public func number(_ array: String) throws -> Float { try #require(try values(array).first) }

  /// A setting that is a number, or `usual` if the case does not have it.
  public func setting(_ key: String, otherwise usual: Double? = nil) throws -> Double {
    try #require(numbers[key] ?? usual, "\(name): setting \(key)")
  }

  /// Compares with an array, or with the part of it that belongs to a step. NaN is undefined there.
  public func expect(
    _ actual: [Float], equal array: String, row: Int? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    var expected = try values(array)
    if let row { expected = Array(expected[row * actual.count..<(row + 1) * actual.count]) }
    #expect(actual.count == expected.count, "\(name): \(array)", sourceLocation: location)
    let gaps = zip(actual, expected).filter { !$1.isNaN }.map { a, b -> Double in
      let gap = a == b ? 0 : abs(Double(a) - Double(b)) - relative * abs(Double(b))
      return gap.isNaN ? .infinity : gap
    }
    let worst = gaps.max() ?? 0
    #expect(
      worst <= absolute, "\(name): \(array) is \(worst) beyond the relative tolerance",
      sourceLocation: location)
  }
}
