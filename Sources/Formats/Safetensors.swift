// Named tensors in one file: an 8-byte length, a JSON header, then raw little-endian numbers.
import Foundation

/// Reads and writes huggingface's safetensors format, also hostile files: every size is checked
/// against the file before anything is allocated for it.
public enum Safetensors {
  /// One tensor, row-major.
  public struct Entry: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
      precondition(
        elementCount(shape) == values.count, "\(values.count) values do not fill \(shape)")
      self.shape = shape
      self.values = values
    }
  }

  /// Longest header accepted, as in the reference implementation.
  private static let longestHeader = 100_000_000

  /// Tensors by name, numbers of every common type converted to `Float`, and the free text
  /// under `__metadata__`. Throws `FormatError`.
  public static func read(
    _ url: URL
  ) throws -> (tensors: [String: Entry], metadata: [String: String]) {
    let file = try OpenFile(url)
    let (spans, metadata) = try spans(file)
    var tensors: [String: Entry] = [:]
    for span in spans {
      let values = try span.type.floats(
        of: file, at: span.start, count: span.count, of: "tensor \(span.name)")
      tensors[span.name] = Entry(shape: span.shape, values: values)
    }
    return (tensors, metadata)
  }

  /// Replaces `url` atomically. Tensors are written as F32, sorted by name, so that equal
  /// content gives equal bytes. Throws `FormatError`; the old file then stays.
  public static func write(
    _ tensors: [String: Entry], metadata: [String: String] = [:], to url: URL
  ) throws {
    let names = tensors.keys.sorted()
    var header = Header(metadata: metadata)
    var body: [UInt8] = []
    for name in names {
      guard let entry = tensors[name] else { continue }
      let start = body.count
      for value in entry.values { body.append(littleEndian: value.bitPattern) }
      header.tensors[name] = Header.Tensor(
        dtype: ElementType.f32.rawValue, shape: entry.shape, data_offsets: [start, body.count])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var json = try? encoder.encode(header) else {
      throw FormatError(url, "cannot encode the header; expected names in Unicode")
    }
    json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
    var length: [UInt8] = []
    length.append(littleEndian: UInt64(json.count))
    try AtomicFile.write(Data(length) + json + Data(body), to: url)
  }
}

extension Safetensors {
  /// Where each tensor lies, in the file's order, all of it checked; and the free text.
  static func spans(
    _ source: any ByteSource
  ) throws -> (spans: [Span], metadata: [String: String]) {
    let (header, dataStart) = try header(source)
    var spans = try header.tensors.map { try Span(name: $0.key, $0.value, source) }
    // Empty tensors sort before what begins at the same place.
    spans.sort { $0.order < $1.order }
    var end = 0
    // The reference implementation wants tensors to tile the data without gap or overlap; this
    // also catches truncation and names that occur twice.
    for span in spans {
      guard span.range.lowerBound == end else {
        throw source.problem(
          "tensor \(span.name) begins at byte \(span.range.lowerBound); expected \(end)")
      }
      end = span.range.upperBound
    }
    guard end == source.count - dataStart else {
      throw source.problem("\(source.count - dataStart) bytes of data; expected \(end)")
    }
    for index in spans.indices { spans[index].dataStart = dataStart }
    return (spans, header.metadata)
  }

  private static func header(_ source: any ByteSource) throws -> (Header, dataStart: Int) {
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
      return (try JSONDecoder().decode(Header.self, from: Data(source.fetch(8..<end))), end)
    } catch {
      throw source.problem(
        "malformed header; expected JSON with dtype, shape and data_offsets of each tensor")
    }
  }

  /// A tensor's place in the data, checked on its own.
  struct Span: Sendable {
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    let range: Range<Int>
    fileprivate(set) var dataStart = 0

    /// Its first byte in the file.
    var start: Int { dataStart + range.lowerBound }
    fileprivate var order: (Int, Int, String) { (range.lowerBound, range.upperBound, name) }

    fileprivate init(
      name: String, _ tensor: Header.Tensor, _ source: any ByteSource
    ) throws {
      guard let type = ElementType(rawValue: tensor.dtype) else {
        let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
        throw source.problem("tensor \(name) has dtype \(tensor.dtype); expected \(known)")
      }
      let offsets = tensor.data_offsets
      guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
        throw source.problem("tensor \(name) has data_offsets \(offsets); expected [begin, end]")
      }
      guard let count = elementCount(tensor.shape), let bytes = elementCount([count, type.size]),
        bytes == offsets[1] - offsets[0]
      else {
        throw source.problem(
          "tensor \(name) of shape \(tensor.shape) has \(offsets[1] - offsets[0]) bytes;"
            + " expected as many as its shape and \(type.rawValue) need")
      }
      self.name = name
      self.type = type
      self.shape = tensor.shape
      self.count = count
      range = offsets[0]..<offsets[1]
    }
  }
}
