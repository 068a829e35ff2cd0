// TensorBoard's event files: records of `Event` messages, whose summaries hold tagged values.
// Source: tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto.
import Foundation

/// Reads the scalars of an event file, in both forms: `simple_value`, and a tensor of the plugin
/// "scalars", as TensorFlow 2 and new-style PyTorch summaries write it.
package struct EventFileReader: PointReader {
  package private(set) var tags = TagTable()
  package private(set) var points: [LoggedPoint] = []
  private var records = TFRecords()
  private var counts = Counts()
  /// Places of tags that metadata called scalars: later values of a tag may come without it.
  private var scalarTags: Set<Int> = []

  /// What was read beside scalars.
  private struct Counts {
    /// Values that are no scalars: images, sounds, texts, histograms.
    var others = 0
    /// Records that are no events, and steps that a curve cannot hold.
    var unreadable = 0
  }

  package init() {}

  package mutating func take(_ bytes: UnsafeRawBufferPointer, left: Int) -> Taken {
    var records = records
    let taken = records.take(bytes, left: left) { self.read($0) }
    self.records = records
    return taken
  }

  package mutating func takePoints() -> [LoggedPoint] {
    defer { points = [] }
    return points
  }

  package var losses: LogLosses {
    LogLosses(
      damaged: records.faults.damaged + records.faults.skipped + counts.unreadable,
      others: counts.others, unnamed: tags.overflow, end: records.faults.end)
  }

  private mutating func read(_ event: UnsafeRawBufferPointer) {
    var fields = ProtobufFields(event)
    var (time, step) = (Double.nan, Int64(0))
    var summary: UnsafeRawBufferPointer?
    while let (number, value) = fields.next() {
      switch (number, value) {
      case (1, .fixed64(let bits)): time = Double(bitPattern: bits)
      case (2, .varint(let bits)): step = Int64(bitPattern: bits)
      case (5, .bytes(let bytes)): summary = bytes
      default: break
      }
    }
    guard !fields.isBroken else { return counts.unreadable += 1 }
    guard let summary else { return }
    guard let step = UInt32(exactly: step) else { return counts.unreadable += 1 }
    var values = ProtobufFields(summary)
    while let (number, value) = values.next() {
      if case (1, .bytes(let bytes)) = (number, value) { read(value: bytes, step, time) }
    }
    if values.isBroken { counts.unreadable += 1 }
  }

  private mutating func read(value: UnsafeRawBufferPointer, _ step: UInt32, _ time: Double) {
    var fields = ProtobufFields(value)
    var tag: UnsafeRawBufferPointer?, tensor: UnsafeRawBufferPointer?
    var simple: Float?
    var isScalar = false
    while let (number, value) = fields.next() {
      switch (number, value) {
      case (1, .bytes(let bytes)): tag = bytes
      case (2, .fixed32(let bits)): simple = Float(bitPattern: bits)
      case (8, .bytes(let bytes)): tensor = bytes
      case (9, .bytes(let bytes)): isScalar = EventTensor.isOfScalars(metadata: bytes)
      default: break
      }
    }
    guard !fields.isBroken, let tag else { return counts.unreadable += 1 }
    if let simple { return add(tag, step, simple, time) }
    guard let tensor else { return counts.others += 1 }
    add(tag, tensor: tensor, isScalar, step, time)
  }

  private mutating func add(
    _ tag: UnsafeRawBufferPointer, tensor: UnsafeRawBufferPointer, _ isScalar: Bool,
    _ step: UInt32, _ time: Double
  ) {
    guard isScalar || !scalarTags.isEmpty else { return counts.others += 1 }
    guard let place = tags.place(of: tag) else { return }
    guard isScalar || scalarTags.contains(place) else { return counts.others += 1 }
    scalarTags.insert(place)
    guard let value = EventTensor.scalar(tensor) else { return counts.others += 1 }
    points.append(LoggedPoint(tag: place, step: step, value: value, time: time))
  }

  private mutating func add(
    _ tag: UnsafeRawBufferPointer, _ step: UInt32, _ value: Float, _ time: Double
  ) {
    guard let place = tags.place(of: tag) else { return }
    points.append(LoggedPoint(tag: place, step: step, value: value, time: time))
  }
}

/// The tensors and the metadata of summaries.
enum EventTensor {
  /// Whether `SummaryMetadata` names the plugin "scalars".
  static func isOfScalars(metadata: UnsafeRawBufferPointer) -> Bool {
    guard let plugin = bytes(1, of: metadata), let name = bytes(1, of: plugin) else { return false }
    return name.elementsEqual("scalars".utf8)
  }

  /// The last field of that number, which is the one that counts.
  private static func bytes(
    _ wanted: Int, of message: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    var fields = ProtobufFields(message)
    var found: UnsafeRawBufferPointer?
    while let (number, value) = fields.next() {
      if case (wanted, .bytes(let bytes)) = (number, value) { found = bytes }
    }
    return found
  }

  /// The single number of a `TensorProto`; nil for more than one, and for types without numbers.
  static func scalar(_ tensor: UnsafeRawBufferPointer) -> Float? {
    var fields = ProtobufFields(tensor)
    var type: UInt64 = 0
    var found: Float?
    while let (number, value) = fields.next() {
      switch (number, value) {
      case (1, .varint(let id)): type = id
      case (4, .bytes(let bytes)): if !bytes.isEmpty { found = content(bytes, type) }
      case (5, .bytes(let bytes)): found = content(bytes, 1)
      case (6, .bytes(let bytes)): found = content(bytes, 2)
      case (5, .fixed32(let bits)): found = Float(bitPattern: bits)
      case (6, .fixed64(let bits)): found = Float(Double(bitPattern: bits))
      case (7, .varint(let bits)), (10, .varint(let bits)): found = Float(Int64(bitPattern: bits))
      case (7, .bytes(let bytes)), (10, .bytes(let bytes)): found = packed(bytes)
      default: break
      }
    }
    return fields.isBroken ? nil : found
  }

  /// One number of a type: 1 float, 2 double, 3 int32, 9 int64 (`types.proto`).
  private static func content(_ bytes: UnsafeRawBufferPointer, _ type: UInt64) -> Float? {
    switch (type, bytes.count) {
    case (1, 4): Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    case (2, 8):
      Float(Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))))
    case (3, 4): Float(Int32(littleEndian: bytes.loadUnaligned(as: Int32.self)))
    case (9, 8): Float(Int64(littleEndian: bytes.loadUnaligned(as: Int64.self)))
    default: nil
    }
  }

  private static func packed(_ bytes: UnsafeRawBufferPointer) -> Float? {
    var numbers = ProtobufFields(bytes)
    return numbers.varint().map { Float(Int64(bitPattern: $0)) }
  }
}

/// Writes event files that hold scalars.
package enum EventFileWriter {
  /// The record that every file begins with.
  package static func head(time: Double) -> [UInt8] {
    var event = ProtobufMessage()
    event.append(1, double: time)
    event.append(3, Array("brain.Event:2".utf8))
    return TFRecords.record(event.bytes)
  }

  /// A record with one value. `time`: seconds since 1970.
  package static func record(
    _ tag: String, step: Int64, value: Float, time: Double
  ) -> [UInt8] {
    var scalar = ProtobufMessage()
    scalar.append(1, Array(tag.utf8))
    scalar.append(2, float: value)
    var summary = ProtobufMessage()
    summary.append(1, scalar.bytes)
    var event = ProtobufMessage()
    event.append(1, double: time)
    event.append(2, integer: step)
    event.append(5, summary.bytes)
    return TFRecords.record(event.bytes)
  }

  /// As TensorBoard finds it: `events.out.tfevents.SECONDS.HOST`.
  package static func fileName(time: Double, host: String) -> String {
    let letters = host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
    let seconds = Int(exactly: time.rounded(.down)) ?? 0
    return "events.out.tfevents.\(max(0, seconds)).\(letters.isEmpty ? "host" : letters)"
  }
}
