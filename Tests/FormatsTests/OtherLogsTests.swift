// Logs of other programs: event files that tensorboardX and tensorboard wrote, tables as Lightning
// and Keras write them; damaged, growing and hostile ones.
import Formats
import Foundation
import TestSupport
import Testing

/// Files of other writers, in base64.
private enum Written {
  /// tensorboardX 2.6: `Loss/train` at 0…3, `val_f1` at 1 and 3 with metadata, a text.
  static let simpleValues = """
    GAAAAAAAAACjf0siCbUgCGK1w9pBGg1icmFpbi5FdmVudDoyjS1kQh4AAAAAAAAA2dwSMgmSTwhitcPaQSoTCh
    EKCkxvc3MvdHJhaW4VAACAP7MTDaUgAAAAAAAAACntqVAJTo4IYrXD2kEQASoTChEKCkxvc3MvdHJhaW4VAAAA
    Pz2adP8iAAAAAAAAAHgRPf0J95MIYrXD2kEQASoVChMKBnZhbF9mMRUAAIA+SgQSAmYx7Kf8qSAAAAAAAAAAKe
    2pUAlrlAhitcPaQRACKhMKEQoKTG9zcy90cmFpbhWrqqo+qRdoHSAAAAAAAAAAKe2pUAmplAhitcPaQRADKhMK
    EQoKTG9zcy90cmFpbhUAAIA+qmd/qSIAAAAAAAAAeBE9/QnulAhitcPaQRADKhUKEwoGdmFsX2YxFQAAQD9KBB
    ICZjGwux8KPQAAAAAAAABgSfHsCZKVCGK1w9pBEAMqMAouChFub3RlL3RleHRfc3VtbWFyeUIPCAcSBBICCAFC
    BWhlbGxvSggKBgoEdGV4dLXTIo0=
    """
  /// tensorboard 2.20: `acc` and `big` as tensors of floats and doubles, with metadata in the first
  /// of each only; `vec` of two numbers.
  static let tensors = """
    SAAAAAAAAAD+kkidCZ/5D2K1w9pBGg1icmFpbi5FdmVudDoyUi4KLHRlbnNvcmJvYXJkLnN1bW1hcnkud3JpdG
    VyLmV2ZW50X2ZpbGVfd3JpdGVynOJcxC0AAAAAAAAAPEGK+wkAAEBA/FTZQRABKiAKHgoDYWNjQgoIARIAKgQA
    AAA/SgsKCQoHc2NhbGFyc9zbIqIgAAAAAAAAACntqVAJAACAQPxU2UEQAioTChEKA2FjY0IKCAESACoEAABAP9
    T2fI0xAAAAAAAAAJ2Dg+kJAACAQPxU2UEQAiokCiIKA2JpZ0IOCAISADIIVVVVVVVV1T9KCwoJCgdzY2FsYXJz
    K/cl8CgAAAAAAAAA/3AWSgkAAIBA/FTZQRACKhsKGQoDdmVjQhIIARIEEgIIAiIIAACAPwAAAEA0yD5+HgAAAA
    AAAADZ3BIyCQAAwED8VNlBEAMqEQoPCgNhY2NCCAgBKgQAAGA/VrhlbyIAAAAAAAAAeBE9/QkAAMBA/FTZQRAD
    KhUKEwoDYmlnQgwIAjIIAAAAAAAAwD9vnJE2
    """

  static func bytes(_ text: String) throws -> [UInt8] {
    let joined = text.filter { !$0.isWhitespace }
    return Array(try #require(Data(base64Encoded: joined)))
  }
}

/// Everything that a file holds, as `tag step value`.
private func points<Reader: PointReader>(
  _ bytes: [UInt8], _ type: Reader.Type = EventFileReader.self
) throws -> (lines: [String], losses: LogLosses) {
  var lines: [String] = []
  var losses = LogLosses()
  try withTemporaryFolder { folder in
    let url = folder.appendingPathComponent("log")
    try Data(bytes).write(to: url)
    var (file, reader) = (GrowingFile(url), Reader())
    while try file.readOn(&reader, limit: 1 << 20) {}
    lines = text(&reader)
    losses = reader.losses
  }
  return (lines, losses)
}

private func text(_ reader: inout some PointReader) -> [String] {
  let names = reader.tags.names
  return reader.takePoints().map { "\(names[Int($0.tag)]) \($0.step) \($0.value)" }
}

struct EventFileTests {
  @Test func checksums() {
    // RFC 3720, B.4.
    let zeros = [UInt8](repeating: 0, count: 32)
    #expect(zeros.withUnsafeBytes(CRC32C.of) == 0x8A91_36AA)
    #expect((0..<32).map { UInt8($0) }.withUnsafeBytes(CRC32C.of) == 0x46DD_794E)
    #expect(Array("123456789".utf8).withUnsafeBytes(CRC32C.of) == 0xE306_9283)
  }

  @Test func simpleValuesOfTensorboardX() throws {
    let (lines, losses) = try points(Written.bytes(Written.simpleValues))
    #expect(
      lines == [
        "Loss/train 0 1.0", "Loss/train 1 0.5", "val_f1 1 0.25", "Loss/train 2 0.33333334",
        "Loss/train 3 0.25", "val_f1 3 0.75",
      ])
    #expect(losses == LogLosses(others: 1))
  }

  @Test func tensorsOfTensorboard() throws {
    let (lines, losses) = try points(Written.bytes(Written.tensors))
    #expect(
      lines == ["acc 1 0.5", "acc 2 0.75", "big 2 0.33333334", "acc 3 0.875", "big 3 0.125"])
    #expect(losses == LogLosses(others: 1))
  }

  @Test func whatIsWrittenIsRead() throws {
    var bytes = EventFileWriter.head(time: 1.7e9)
    let values: [Float] = [0, -1.5, .infinity, .leastNonzeroMagnitude, 3e38]
    for (step, value) in values.enumerated() {
      bytes += EventFileWriter.record("é/\(step)", step: Int64(step), value: value, time: 1.7e9)
    }
    let (lines, losses) = try points(bytes)
    #expect(lines == values.enumerated().map { "é/\($0) \($0) \($1)" })
    #expect(losses == LogLosses())
    #expect(
      EventFileWriter.fileName(time: 1.7e9, host: "a/b c.d")
        == "events.out.tfevents.1700000000.abc.d")
  }

  /// A record appears when its last byte does, wherever the writer was interrupted.
  @Test func aGrowingFileGivesWholeRecords() throws {
    let bytes = try Written.bytes(Written.tensors)
    let whole = try points(bytes).lines
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("log")
      var (file, reader) = (GrowingFile(url), EventFileReader())
      var lines: [String] = []
      for end in stride(from: 0, through: bytes.count, by: 9) {
        try Data(bytes[..<end]).write(to: url)
        // Written anew, it has another inode: appended to, it has not.
        file = try Self.appended(url, bytes[..<end], file, &reader, &lines)
      }
      _ = try Self.appended(url, bytes[...], file, &reader, &lines)
      #expect(lines == whole)
      #expect(reader.losses == LogLosses(others: 1))
    }
  }

  private static func appended(
    _ url: URL, _ bytes: ArraySlice<UInt8>, _ file: GrowingFile, _ reader: inout EventFileReader,
    _ lines: inout [String]
  ) throws -> GrowingFile {
    var file = file
    try Data(bytes).write(to: url)
    while try file.readOn(&reader, limit: 100) {}
    lines += text(&reader)
    return file
  }

  @Test func aReplacedFileIsNoticed() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("log")
      let bytes = try Written.bytes(Written.simpleValues)
      try Data(bytes).write(to: url)
      var (file, reader) = (GrowingFile(url), EventFileReader())
      while try file.readOn(&reader, limit: 1 << 20) {}
      #expect(try !file.isReplaced())
      let handle = try FileHandle(forWritingTo: url)
      try handle.write(contentsOf: Written.bytes(Written.tensors) + bytes)
      try handle.close()
      #expect(try file.isReplaced())
    }
  }

  @Test func damageCostsWhatIsDamaged() throws {
    let bytes = try Written.bytes(Written.simpleValues)
    let whole = try points(bytes).lines
    // The first record's length is 24: content from 12 on, the next record at 40.
    var content = bytes
    content[40 + 20] ^= 1
    let (left, losses) = try points(content)
    #expect(left == Array(whole.dropFirst()))
    #expect(losses.damaged == 1 && losses.end == nil)
    var length = bytes
    length[40] ^= 1
    let cut = try points(length)
    #expect(cut.lines.isEmpty)
    #expect(
      cut.losses.end == "byte 40: no record begins here; expected a length and its checksum")
  }

  /// A length that no file has, one that the file does not have yet, and a record too long to hold.
  @Test func lengthsTakeNoMemory() throws {
    func head(_ length: UInt64) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: length)
      bytes.append(littleEndian: bytes.withUnsafeBytes(CRC32C.masked))
      return bytes
    }
    let start = EventFileWriter.head(time: 0)
    let last = EventFileWriter.record("a", step: 1, value: 1, time: 0)
    #expect(try points(start + head(.max) + last).losses.end != nil)
    #expect(try points(start + head(1 << 40) + last).lines.isEmpty)
    #expect(try points(start + head(1 << 40) + last).losses == LogLosses())
    let long = head(17 << 20) + [UInt8](repeating: 0, count: 17 << 20 + 4)
    let skipped = try points(start + long + last)
    #expect(skipped.lines == ["a 1 1.0"])
    #expect(skipped.losses.damaged == 1)
  }

  @Test func namesAreBounded() {
    var table = TagTable()
    for number in 0..<(TagTable.most + 5) {
      _ = Array("tag \(number)".utf8).withUnsafeBytes { table.place(of: $0) }
    }
    #expect(table.names.count == TagTable.most && table.overflow == 5)
    let long = [UInt8](repeating: 65, count: TagTable.longest + 1)
    #expect(long.withUnsafeBytes { table.place(of: $0) } == nil)
  }

  @Test func stepsThatNoCurveHasAreLeftOut() throws {
    let bytes = [-1, 5_000_000_000, 7].flatMap {
      EventFileWriter.record("a", step: $0, value: 1, time: 0)
    }
    let (lines, losses) = try points(bytes)
    #expect(lines == ["a 7 1.0"])
    #expect(losses.damaged == 2)
  }

  /// Changed bytes and cut ends, with checksums made right again for half of them, so that the
  /// messages inside are changed too.
  @Test func mutantsDoNotTrap() throws {
    let seeds = try [Written.bytes(Written.simpleValues), Written.bytes(Written.tensors)]
    var state: UInt64 = 18
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let count = ProcessInfo.processInfo.environment["SCANT_LONG_TESTS"] == nil ? 400 : 5000
    var read = 0
    for number in 0..<count {
      var bytes = seeds[number % 2]
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      if number % 4 == 0 { bytes.removeLast(random(bytes.count)) }
      if number % 2 == 0 { bytes = Self.repaired(bytes, like: seeds[number % 2]) }
      var reader = EventFileReader()
      _ = bytes.withUnsafeBytes { reader.take($0, left: $0.count) }
      read += reader.takePoints().count
    }
    #expect(read > count)
  }

  /// With the lengths of `seed`, and the checksums of what stands there now.
  private static func repaired(_ bytes: [UInt8], like seed: [UInt8]) -> [UInt8] {
    var (result, at): ([UInt8], Int) = ([], 0)
    while at + 16 <= bytes.count {
      let length = seed.integer(at: at, as: Int.self)
      guard at + 16 + length <= bytes.count else { break }
      result += TFRecords.record(Array(bytes[(at + 12)..<(at + 12 + length)]))
      at += 16 + length
    }
    return result + bytes[at...]
  }
}

struct LogTableTests {
  private func read(_ text: String) throws -> (lines: [String], losses: LogLosses) {
    try points(Array(text.utf8), LogTableReader.self)
  }

  /// Lightning 2: rows of training and validation apart, empty cells.
  @Test func metricsOfLightning() throws {
    let (lines, losses) = try read(
      "epoch,step,train_loss,val_acc\n0,49,0.5,\n0,99,,0.75\n1,149,nan,\n")
    #expect(
      lines == [
        "epoch 49 0.0", "train_loss 49 0.5", "epoch 99 0.0", "val_acc 99 0.75",
        "epoch 149 1.0", "train_loss 149 nan",
      ])
    #expect(losses == LogLosses())
  }

  @Test func csvLoggerOfKeras() throws {
    let (lines, losses) = try read(
      "epoch;accuracy;per_class\r\n0;0.5;\"[0.1; 0.2]\"\r\n1;0.625;NA\r\n2;0.7")
    #expect(lines == ["epoch 0 0.0", "accuracy 0 0.5", "epoch 1 1.0", "accuracy 1 0.625"])
    #expect(losses == LogLosses(others: 2))
  }

  @Test func rowsWithoutAStepAreCounted() throws {
    #expect(
      try read("loss\tlr\n1\t2\n3\t4\n").lines
        == ["loss 0 1.0", "lr 0 2.0", "loss 1 3.0", "lr 1 4.0"])
    let broken = try read("step,a\nx,1\n-1,1\n2,\"1\n")
    #expect(broken.lines.isEmpty)
    #expect(broken.losses.damaged == 2)
  }
}
