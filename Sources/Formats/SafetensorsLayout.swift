// The places of the tensors in a safetensors file, from its header, checked against its size.
import Foundation

extension Safetensors {
  /// The longest header in bytes, as in the reference implementation.
  private static let longestHeader = 100_000_000

  /// The place of one tensor.
  package struct Span: Sendable {
    package let name: String
    package let type: ElementType
    package let shape: [Int]
    package let count: Int
    /// The offset of its first byte in the file.
    package let start: Int
  }

  /// The content of a header.
  package struct Layout: Sendable {
    /// In the file's order.
    package fileprivate(set) var spans: [Span] = []
    /// Tensors of a type that is not supported, such as F8_E4M3.
    package fileprivate(set) var unread: [(name: String, reason: String)] = []
    package fileprivate(set) var metadata: [String: String] = [:]

    /// Throws `Problem` if there is a tensor of an unsupported type.
    func expectAll(_ source: any ByteSource) throws {
      guard let first = unread.first else { return }
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw source.problem("'\(first.name)' is a \(first.reason); expected \(known)")
    }
  }

  /// Whether `source` has a JSON header after its length. Blanks may precede it.
  package static func isOne(_ source: any ByteSource) throws -> Bool {
    var place = 8
    while place < source.count {
      let piece = try source.fetch(place..<min(place + 4096, source.count))
      if let first = piece.first(where: { !isBlank($0) }) { return first == UInt8(ascii: "{") }
      place += piece.count
      guard place < longestHeader else { break }
    }
    return false
  }

  /// The white space of JSON.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  /// The place of each tensor, checked, and the metadata. Throws `Problem`.
  package static func layout(_ source: any ByteSource) throws -> Layout {
    let (header, dataStart) = try header(source)
    let ranges = try header.tensors.map { name, tensor in
      (name: name, range: try range(name, tensor, source))
    }
    // Empty tensors sort before others at the same offset.
    let sorted = ranges.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var layout = Layout(metadata: header.metadata)
    var end = 0
    // As in the reference implementation, tensors must tile the data without gaps or overlaps. This
    // also detects truncation and duplicate names.
    for (name, range) in sorted {
      guard range.lowerBound == end, let tensor = header.tensors[name] else {
        throw source.problem(
          "tensor \(name) begins at byte \(range.lowerBound); expected \(end)")
      }
      end = range.upperBound
      guard end <= source.count - dataStart else { break }
      try layout.add(name, tensor, range, dataStart, source)
    }
    guard end == source.count - dataStart else {
      throw source.problem("\(source.count - dataStart) bytes of data; expected \(end)")
    }
    return layout
  }

  private static func range(
    _ name: String, _ tensor: SafetensorsHeader.Tensor, _ source: any ByteSource
  ) throws -> Range<Int> {
    let offsets = tensor.data_offsets
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
      throw source.problem("tensor \(name) has data_offsets \(offsets); expected [begin, end]")
    }
    return offsets[0]..<offsets[1]
  }

  private static func header(_ source: any ByteSource) throws -> (SafetensorsHeader, dataStart: Int)
  {
    guard source.count >= 8 else {
      throw source.problem("\(source.count) bytes; expected at least the 8 of a header length")
    }
    let length = try source.fetch(0..<8).integer(at: 0, as: UInt64.self)
    let most = min(longestHeader, source.count - 8)
    guard length <= most else {
      throw source.problem("header of \(length) bytes; expected at most \(most)")
    }
    let end = 8 + Int(length)
    do {
      return (
        try JSONDecoder().decode(SafetensorsHeader.self, from: Data(source.fetch(8..<end))), end
      )
    } catch {
      throw source.problem(
        "malformed header; expected JSON with dtype, shape and data_offsets of each tensor")
    }
  }
}

extension Safetensors.Layout {
  fileprivate mutating func add(
    _ name: String, _ tensor: SafetensorsHeader.Tensor, _ range: Range<Int>, _ dataStart: Int,
    _ source: any ByteSource
  ) throws {
    guard let type = ElementType(rawValue: tensor.dtype) else {
      unread.append((name, "tensor \(tensor.shape) of dtype \(tensor.dtype)"))
      return
    }
    guard let count = elementCount(tensor.shape), elementCount([count, type.size]) == range.count
    else {
      throw source.problem(
        "tensor \(name) of shape \(tensor.shape) has \(range.count) bytes;"
          + " expected as many as its shape and \(type.rawValue) need")
    }
    spans.append(
      Safetensors.Span(
        name: name, type: type, shape: tensor.shape, count: count,
        start: dataStart + range.lowerBound))
  }
}
