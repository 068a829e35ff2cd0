// NumPy arrays: what numpy itself writes, round trips, damaged headers.
import Formats
import Foundation
import TestSupport
import Testing

struct NPYTests {
  private func file(_ header: String, _ body: [UInt8], version: UInt8 = 1) -> Data {
    let count = header.utf8.count
    let length = [UInt8(count & 255), UInt8(count >> 8)] + (version == 1 ? [] : [0, 0])
    return Data([0x93] + Array("NUMPY".utf8) + [version, 0] + length) + Data(header.utf8)
      + Data(body)
  }

  private func header(_ descr: String, _ shape: String, _ fortran: String = "False") -> String {
    "{'descr': '\(descr)', 'fortran_order': \(fortran), 'shape': \(shape), }   \n"
  }

  private func read(_ data: Data) throws -> (shape: [Int], values: [Float]) {
    var result: (shape: [Int], values: [Float]) = ([], [])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.npy")
      try data.write(to: url)
      result = try NPY.read(url)
    }
    return result
  }

  private func fails(_ data: Data) -> Bool {
    do {
      _ = try read(data)
      return false
    } catch {
      return error is Problem && !"\(error)".contains("\n")
    }
  }

  @Test(arguments: [[6], [2, 3], [1, 2, 3, 1], [0, 5], []])
  func roundTrip(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { Float($0) * -1.25 }
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.npy")
      try NPY.write(values, shape: shape, to: url)
      let back = try NPY.read(url)
      #expect(back.shape == shape)
      #expect(back.values == values)
      #expect((try Data(contentsOf: url).count - 4 * count) % 64 == 0)
    }
  }

  @Test(arguments: [
    ("<f4", [0, 0, 0x80, 0x3f] as [UInt8], Float(1)),
    ("<f8", [0, 0, 0, 0, 0, 0, 0xf8, 0xbf], -1.5), ("<f2", [0x00, 0xc2], -3),
    ("<i8", [0xfe, 255, 255, 255, 255, 255, 255, 255], -2), ("<i4", [1, 1, 0, 0], 257),
    ("<i2", [0xff, 0x7f], 32_767), ("|i1", [0x80], -128), ("|u1", [200], 200), ("|b1", [1], 1),
  ])
  func everyType(_ descr: String, _ bytes: [UInt8], _ value: Float) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      let array = try read(file(header(descr, "(1,)"), bytes, version: version))
      #expect(array.shape == [1])
      #expect(array.values == [value])
    }
  }

  @Test func fortranOrderIsTransposed() throws {
    let array = try read(file(header("|u1", "(2, 3)", "True"), [1, 4, 2, 5, 3, 6]))
    #expect(array.shape == [2, 3])
    #expect(array.values == [1, 2, 3, 4, 5, 6])
    let cube = try read(file(header("|u1", "(2, 2, 2)", "True"), [0, 4, 2, 6, 1, 5, 3, 7]))
    #expect(cube.values == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test func headerKeysMayHaveAnyOrder() throws {
    let text = "{\"shape\": (), 'fortran_order': False, 'descr': '|u1'}\n"
    #expect(try read(file(text, [9])).values == [9])
  }

  @Test(arguments: [
    "(1)", "(1 ,", "(-1,)", "(2,)", "(0,)", "(9223372036854775807, 9223372036854775807)",
    "(99999999999999999999,)", "[1]", "(1.0,)", "(1l,)", "1", "(1,,)", "('1',)",
  ])
  func wrongShapesAreErrors(_ shape: String) {
    #expect(fails(file(header("|u1", shape), [5])))
  }

  @Test func malformedHeadersAreErrors() throws {
    for descr in ["|O", ">f4", "<f4'", "<c8", "", "<U3"] {
      #expect(fails(file(header(descr, "(1,)"), [0, 0, 0, 0])), "\(descr)")
    }
    let wrong = [
      "", "{", "{}", "[]", "{'descr': '|u1', 'fortran_order': False}",
      "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}",
      "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x",
    ]
    for text in wrong { #expect(fails(file(text, [5])), "\(text)") }
    #expect(fails(file(header("|u1", "(1,)"), [5], version: 4)))
    #expect(!fails(file(header("|u1", "(1,)"), [5])))
  }

  @Test func everyTruncationIsAnError() {
    let data = file(header("<f4", "(2,)"), [1, 2, 3, 4, 5, 6, 7, 8])
    for length in 0..<data.count { #expect(fails(data.prefix(length)), "cut to \(length)") }
    #expect(fails(data + Data([0])))
  }

  @Test func mutationsNeverTrap() {
    let data = file(header("<f4", "(1, 2)"), [1, 2, 3, 4, 5, 6, 7, 8])
    for position in 0..<data.count {
      for value in [0, 0x27, 0x28, 0x39, 0xff] as [UInt8] {
        var bytes = data
        bytes[position] = value
        if let array = try? read(bytes) { #expect(array.values.count <= 8) }
      }
    }
  }
}
