// Round trips through safetensors, and files made to harm the reader.
import Formats
import Foundation
import TestSupport
import Testing

struct SafetensorsTests {
  private func file(_ header: String, _ body: [UInt8] = [], length: UInt64? = nil) -> Data {
    let count = length ?? UInt64(header.utf8.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) })
      + Data(header.utf8) + Data(body)
  }

  private func read(
    _ data: Data
  ) throws -> (tensors: [String: Safetensors.Entry], metadata: [String: String]) {
    var result: (tensors: [String: Safetensors.Entry], metadata: [String: String]) = ([:], [:])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try data.write(to: url)
      result = try Safetensors.read(url)
    }
    return result
  }

  private func message(_ data: Data) -> String? {
    do {
      _ = try read(data)
      return nil
    } catch {
      return (error as? Problem)?.message
    }
  }

  private static let tensors: [String: Safetensors.Entry] = [
    "conv1.weight": .init(shape: [2, 3], values: [1, -2, 3.5, 0, .pi, 1e-30]),
    "bn1.num_batches_tracked": .init(shape: [], values: [7]),
    "empty": .init(shape: [0, 4], values: []),
    "a \"quoted\" / näme": .init(shape: [1], values: [-.infinity]),
  ]

  private func written() throws -> Data {
    var data = Data()
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try Safetensors.write(Self.tensors, metadata: ["step": "12", "né": "\n"], to: url)
      data = try Data(contentsOf: url)
    }
    return data
  }

  @Test func roundTrip() throws {
    let data = try written()
    let back = try read(data)
    #expect(back.tensors == Self.tensors)
    #expect(back.metadata == ["step": "12", "né": "\n"])
    #expect(try written() == data)
    #expect(data[0] % 8 == 0)
  }

  @Test func emptyFileIsValid() throws {
    #expect(try read(file("{}")).tensors.isEmpty)
  }

  @Test(arguments: [
    ("F32", [0, 0, 0x80, 0x3f] as [UInt8], Float(1)),
    ("F64", [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], -1.5), ("F16", [0x00, 0xc2], -3),
    ("F16", [0x01, 0x00], 0x1p-24), ("F16", [0xff, 0x7b], 65_504), ("BF16", [0x20, 0x41], 10),
    ("I64", [0xfe, 255, 255, 255, 255, 255, 255, 255], -2), ("I32", [1, 1, 0, 0], 257),
    ("I16", [0xff, 0x7f], 32_767), ("I8", [0x80], -128), ("U64", [3, 0, 0, 0, 0, 0, 0, 0], 3),
    ("U32", [0, 0, 0, 0x80], 2_147_483_648), ("U16", [0xff, 0xff], 65_535), ("U8", [200], 200),
    ("BOOL", [1], 1),
  ])
  func everyType(_ dtype: String, _ bytes: [UInt8], _ value: Float) throws {
    let header = #"{"x":{"dtype":"\#(dtype)","shape":[1],"data_offsets":[0,\#(bytes.count)]}}"#
    #expect(try read(file(header, bytes)).tensors["x"] == .init(shape: [1], values: [value]))
  }

  @Test func everyTruncationIsAnError() throws {
    let data = try written()
    for length in 0..<data.count {
      #expect(message(data.prefix(length)) != nil, "cut to \(length) bytes")
    }
    #expect(message(data + Data([0])) != nil)
  }

  @Test func wrongLengthsAreErrors() {
    #expect(message(file("{}", length: 3)) == "header of 3 bytes; expected at most 2")
    #expect(message(file("{}", length: .max)) != nil)
    #expect(message(file("{}", length: 1 << 40)) != nil)
    #expect(message(Data([1, 2])) == "2 bytes; expected at least the 8 of a header length")
  }

  @Test(arguments: [
    ("[1099511627776,1099511627776]", "[0,4]", "of shape"), ("[-1]", "[0,4]", "of shape"),
    ("[4611686018427387904,2]", "[0,4]", "of shape"), ("[1]", "[4,0]", "data_offsets"),
    ("[1]", "[-4,0]", "data_offsets"), ("[1]", "[0]", "data_offsets"), ("[1]", "[4,8]", "begins"),
    ("[2]", "[0,4]", "of shape"), ("[2]", "[0,8]", "bytes of data"),
    ("[1.5]", "[0,4]", "malformed"),
    ("[1e400]", "[0,4]", "malformed"), ("[1]", "[0,99999999999999999999]", "malformed"),
    ("{}", "[0,4]", "malformed"),
  ])
  func wrongTensorEntriesAreErrors(_ shape: String, _ offsets: String, _ part: String) {
    let header = #"{"x":{"dtype":"F32","shape":\#(shape),"data_offsets":\#(offsets)}}"#
    #expect(message(file(header, [0, 0, 0, 0]))?.contains(part) == true)
  }

  @Test func overlapsGapsAndUnknownTypesAreErrors() {
    func two(_ first: String, _ second: String, _ type: String = "U8") -> Data {
      file(
        #"{"a":{"dtype":"\#(type)","shape":[2],"data_offsets":\#(first)},"#
          + #""b":{"dtype":"U8","shape":[2],"data_offsets":\#(second)}}"#, [1, 2, 3, 4])
    }
    #expect(message(two("[0,2]", "[2,4]")) == nil)
    #expect(message(two("[0,2]", "[1,3]")) == "tensor b begins at byte 1; expected 2")
    #expect(message(two("[0,2]", "[0,2]"))?.contains("begins at byte 0; expected 2") == true)
    #expect(message(two("[1,3]", "[2,4]"))?.contains("expected 0") == true)
    #expect(message(two("[0,2]", "[2,4]", "C64"))?.contains("dtype C64") == true)
  }

  @Test func malformedHeadersAreErrors() {
    let deep = String(repeating: "[", count: 100_000)
    for header in ["", "{", "[]", "null", "{\"x\":1}", "{\"__metadata__\":{\"a\":1}}", deep] {
      #expect(message(file(header))?.hasPrefix("malformed header") == true, "\(header.prefix(20))")
    }
  }

  /// Seeded changes of single bytes: a value or an error, never a trap.
  @Test func mutationsNeverTrap() throws {
    let data = try written()
    for position in 0..<data.count {
      for value in [0, 0x22, 0x39] as [UInt8] {
        var bytes = data
        bytes[position] = value
        if let text = message(bytes) { #expect(!text.contains("\n")) }
      }
    }
  }
}
