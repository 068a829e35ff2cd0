// NumPy's archives of arrays: a ZIP file with one NPY member per array.
import Foundation

/// Reads `.npz` files of `numpy.savez` and `savez_compressed`. Arrays are read on demand.
public struct NPZ: Sendable {
  /// Names of the arrays, in the archive's order.
  public let names: [String]
  /// Members that are not arrays, such as a text or a folder; NumPy ignores them too.
  package let others: [String]
  private let archive: ZipArchive
  package var source: any ByteSource { archive.source }
  private static let suffix = ".npy"

  /// Reads the archive's directory. Throws `Problem`.
  public init(_ url: URL) throws { try self.init(ZipArchive(try OpenFile(url))) }

  /// The same from memory; `name` names it in errors.
  package init(_ bytes: [UInt8], name: String) throws {
    try self.init(ZipArchive(MemoryBytes(name: name, content: bytes)))
  }

  package init(_ archive: ZipArchive) throws {
    self.archive = archive
    let members = archive.members.map(\.name)
    names = members.filter { $0.hasSuffix(Self.suffix) }.map {
      String($0.dropLast(Self.suffix.count))
    }
    others = members.filter { !$0.hasSuffix(Self.suffix) }
    guard !names.isEmpty || members.isEmpty else {
      throw archive.source.problem(
        "member '\(members[0])' and no array; expected names that end in .npy")
    }
  }

  /// Shape and row-major values, converted to `Float`. Throws `Problem`.
  public func array(_ name: String) throws -> (shape: [Int], values: [Float]) {
    try within(name) { ($0.header.shape, try $0.values()) }
  }

  /// Shape and row-major strings, also from pickles, which are never executed. Throws `Problem`.
  public func strings(_ name: String) throws -> (shape: [Int], values: [String]) {
    try within(name) { try $0.strings() }
  }

  /// The header of an array.
  package func header(_ name: String) throws -> NPYHeader { try within(name) { $0.header } }

  /// Runs `body` on an array; errors name the array.
  private func within<Result>(
    _ name: String, _ body: (NPYArray) throws -> Result
  ) throws -> Result {
    guard let member = archive.members.first(where: { $0.name == name + Self.suffix }) else {
      throw archive.source.problem(
        "no array '\(name)'; expected one of \(names.joined(separator: ", "))")
    }
    do {
      return try body(NPYArray(archive.contents(of: member)))
    } catch let error as Problem {
      throw archive.source.problem("array '\(name)': \(error.message)")
    }
  }
}
