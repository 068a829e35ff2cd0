// Forms that the formats allow and few programs write: read right, or named as not read.
import Formats
import Foundation
import TestSupport
import Testing
import WeightImport

private func unread(_ file: WeightFile) -> [String] {
  file.unread.map { "\($0.name): \($0.reason)" }
}

struct RareNumPyTests {
  private func array(
    _ descr: String, _ shape: String, _ data: [UInt8], fortran: Bool = false
  ) -> [UInt8] {
    let flag = fortran ? "True" : "False"
    let text = "{'descr': \(descr), 'fortran_order': \(flag), 'shape': \(shape), }\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(text.utf8) + data
  }

  /// NumPy pickles objects in C order whatever the array's flag says.
  @Test func fortranOrderedObjectsAreRead() throws {
    let bytes = [UInt8](try Data(contentsOf: FormatFiles.url("objects-fortran.npy")))
    #expect(bytes.prefix(128).contains(Array("'fortran_order': True".utf8)))
    let table = try NPY.strings(FormatFiles.url("objects-fortran.npy"))
    #expect(table.shape == [3, 2])
    #expect(table.values == ["1", "a", "2", "b", "3", "c"])
  }

  @Test func headersOfOtherPrograms() throws {
    let two: [UInt8] = [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]
    for (descr, shape) in [
      ("'<f4'", "(2L,)"), ("'=f4'", "(2,)"), ("'f4'", "(2,)"), ("\t'<f4'", "(\t2,\t)"),
    ] {
      let file = try WeightFile(array(descr, shape, two), name: "x")
      #expect(try file.values("array", shape: [2]) == [1, 2], "\(descr) \(shape)")
    }
    let flags = try WeightFile(array("'?'", "(2,)", [1, 0]), name: "x")
    #expect(try flags.values("array", shape: [2]) == [1, 0])
  }

  @Test func errorsNameTheTypeOfRecords() throws {
    let data = [UInt8](repeating: 0, count: 12)
    let records = array("[('x', '<f4'), ('y', '<i4', (2,))]", "(1,)", data)
    let error = #expect(throws: Problem.self) { try WeightFile(records, name: "x") }
    #expect(error?.message.hasPrefix("elements of type [('x', '<f4'), ('y'") == true)
    for broken in ["[('x', '<f4')", "[('x', '<f4]", "[", "['"] {
      let error = #expect(throws: Problem.self) {
        try WeightFile(array(broken, "(1,)", [0, 0, 0, 0]), name: "x")
      }
      #expect(error?.message.hasPrefix("malformed header") == true, "\(broken)")
    }
  }

  @Test func anArchiveListsWhatIsNotRead() throws {
    let file = try WeightFile(FormatFiles.url("kinds.npz"))
    #expect(file.tensors.map(\.name) == ["a"])
    #expect(try file.values("a", shape: [2]) == [0, 0.25])
    #expect(
      unread(file) == [
        "records: array [3] of [('x', '<f4'), ('y', '<i4', (2,))]", "big: array [2] of >f4",
        "wave: array [2] of <c8", "words: array [2] of <U2", "days: array [1] of <M8[D]",
        "notes.txt: not an array", "folder/: not an array",
      ])
  }

  /// Strings end where their padding begins, not at the first NUL.
  @Test func nulBytesInStringsAreKept() throws {
    let wide: [UInt8] = [0x61, 0, 0, 0, 0, 0, 0, 0, 0x62, 0, 0, 0, 0, 0, 0, 0]
    let text = try NPY.strings(array("'<U4'", "(1,)", wide), name: "x").values
    #expect(text == ["a\0b"])
    let narrow = try NPY.strings(array("'|S4'", "(1,)", [0x61, 0, 0x62, 0]), name: "x").values
    #expect(narrow == ["a\0b"])
  }

  /// An element's type, and a shape whose bytes or elements are more than can be counted, or more
  /// than there are.
  @Test(arguments: [
    ("<f8", "(2305843009213693952,)"), ("<f8", "(1152921504606846976,)"),
    ("<f4", "(4611686018427387904,)"), ("<f8", "(2147483648, 2147483648)"),
    ("<f8", "(9223372036854775807,)"), ("<f4", "(9223372036854775807,)"),
    ("|u1", "(9223372036854775807,)"), ("|u1", "(4611686018427387904, 3)"),
    ("|u1", "(3, 4611686018427387904)"), ("<f2", "(4611686018427387904,)"),
    ("<f4", "(0, 4611686018427387904, 4)"), ("<f4", "(4611686018427387904, 4, 0)"),
    ("<f4", "(65536, 65536, 65536, 65536)"), ("<i8", "(4294967296, 4294967296)"),
    ("<f8", "(1, 1, 2305843009213693952)"), ("<f4", "(1000000,)"), ("|b1", "(4097,)"),
    ("<c8", "(2305843009213693952,)"), ("|O", "(4611686018427387904,)"),
    ("<U9223372036854775807", "(1,)"),
  ])
  func wrongShapesAreRefused(_ descr: String, _ shape: String) throws {
    let bytes = array("'\(descr)'", shape, [UInt8](repeating: 0, count: 8))
    let error = #expect(throws: Problem.self) { try WeightFile(bytes, name: "x") }
    #expect(error?.message.contains("expected what shape") == true)
    let archive = HostileZip.stored("a.npy", bytes)
    let inside = #expect(throws: Problem.self) { try WeightFile(archive, name: "x") }
    #expect(inside?.message.hasPrefix("array 'a': ") == true)
  }
}

struct RareSafetensorsTests {
  private func file(_ header: String, _ data: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      + Array(header.utf8) + data
  }

  @Test func leadingBlanksAreAccepted() throws {
    for blanks in [" ", "\n\t ", String(repeating: " ", count: 5000)] {
      let header = blanks + #"{"t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#
      let weights = try WeightFile(file(header, [0, 0, 0x80, 0x3f]), name: "x")
      #expect(weights.format == .safetensors)
      #expect(try weights.values("t", shape: [1]) == [1])
    }
  }

  @Test func unknownTypesDoNotHideOthers() throws {
    let header = #"""
      {"new": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]},
      "t": {"dtype": "U8", "shape": [2], "data_offsets": [2, 4]}}
      """#
    let weights = try WeightFile(file(header, [9, 9, 1, 2]), name: "x")
    #expect(weights.tensors.map(\.name) == ["t"])
    #expect(try weights.values("t", shape: [2]) == [1, 2])
    #expect(unread(weights) == ["new: tensor [2] of dtype F8_E4M3"])
  }

  @Test func wrongOffsetsAreErrors() {
    for offsets in ["[0, 9223372036854775807]", "[0, 5]", "[4, 0]", "[-1, 3]"] {
      let header =
        #"{"n": {"dtype": "X", "shape": [], "data_offsets": \#(offsets)}, "#
        + #""t": {"dtype": "U8", "shape": [1], "#
        + #""data_offsets": [9223372036854775806, 9223372036854775807]}}"#
      #expect(throws: Problem.self) { try WeightFile(file(header, [0, 0, 0, 0]), name: "x") }
    }
  }

  /// An error is a line that can be read, also of a tensor with 200,000 axes.
  @Test func errorsAreOfBoundedLength() {
    let shape = [String](repeating: "1", count: 200_000).joined(separator: ",")
    let header = #"{"t": {"dtype": "F32", "shape": [\#(shape)], "data_offsets": [0, 4]}}"#
    let error = #expect(throws: Problem.self) {
      try WeightFile(file(header, [0, 0, 0, 0]), name: "a\nb")
    }
    #expect((error?.description.count ?? 0) < 1000)
    #expect(error?.description.hasSuffix("expected as many as its shape and F32 need") == true)
    #expect(error?.description.contains(where: \.isNewline) == false)
  }
}

struct RareHDF5Tests {
  @Test func unwrittenDataHasTheFillValue() throws {
    let file = try WeightFile(FormatFiles.url("fill.h5"))
    #expect(try file.values("late", shape: [4]) == [4, 4, 4, 4])
    #expect(try file.values("zero", shape: [2]) == [0, 0])
    #expect(try file.values("unwritten", shape: [3]) == [0.5, 0.5, 0.5])
    let chunks = [1, 2, -3, -3, 3, 4] + [Float](repeating: -3, count: 14)
    #expect(try file.values("chunks", shape: [5, 4]) == chunks)
    let latest = try WeightFile(FormatFiles.url("fill-latest.h5"))
    #expect(try latest.values("late", shape: [4]) == [4, 4, 4, 4])
  }

  @Test func otherTypesAreListed() throws {
    let file = try WeightFile(FormatFiles.url("kinds.h5"))
    #expect(file.tensors.map(\.name) == ["a", "flag"])
    #expect(file["flag"]?.type == .bool)
    #expect(try file.values("flag", shape: [2]) == [1, 0])
    #expect(
      Set(unread(file)) == [
        "big: array [2] of numbers, 4 bytes each",
        "colours: array [4] of an enumeration, 1 bytes each",
        "elsewhere: a link to another name", "empty: an empty dataset",
        "far: array [2] in another file", "records: array [3] of records, 8 bytes each",
        "soft: a link to another name", "twelve: array [2] of whole numbers, 2 bytes each",
        "words: array [] of text",
      ])
  }

  @Test func userBlocksAreSkipped() throws {
    let file = try WeightFile(FormatFiles.url("block.h5"))
    #expect(file.format == .hdf5)
    #expect(try file.values("a", shape: [2]) == [0, 0.25])
    #expect(try file.values("packed", shape: [4, 4]) == FormatFiles.counting(16))
  }

  @Test func keras3ArchivesAreOpened() throws {
    let weights = [UInt8](try Data(contentsOf: FormatFiles.url("fill-latest.h5")))
    let archive = HostileZip.stored("model.weights.h5", weights)
    let file = try WeightFile(archive, name: "x")
    #expect(try file.values("late", shape: [4]) == [4, 4, 4, 4])
  }
}
