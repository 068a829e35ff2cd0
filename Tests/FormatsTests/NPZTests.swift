// NumPy's archives, stored and deflated, and the strings inside.
import Formats
import Foundation
import TestSupport
import Testing

struct NPZTests {
  private static let keys = ["000046_3840", "000135_483840", "é"]

  @Test func storedArrays() throws {
    let archive = try NPZ(FormatFiles.url("plain.npz"))
    #expect(archive.names == ["a", "b", "sample_key"])
    let a = try archive.array("a")
    #expect(a.shape == [3, 4])
    #expect(a.values == FormatFiles.counting(12))
    #expect(try archive.array("b").values == [0, 1, 2, 3, 4, 5])
    #expect(try archive.strings("sample_key").values == Self.keys)
  }

  @Test func deflatedArraysAndStrings() throws {
    let archive = try NPZ(FormatFiles.url("packed.npz"))
    #expect(try archive.array("X").shape == [3, 4, 5])
    #expect(try archive.array("X").values == (0..<60).map { Float($0 % 7) })
    #expect(try archive.array("Y_mask").values == [1, 0])
    #expect(try archive.array("turned").values == FormatFiles.counting(6))
    #expect(try archive.strings("sample_key").values == Self.keys)
    #expect(try archive.strings("fixed").values == ["ab", "é"])
    #expect(try archive.strings("raw").values == ["ab", "c"])
  }

  @Test func pickledTablesAreRead() throws {
    let table = try NPY.strings(FormatFiles.url("objects.npy"))
    #expect(table.shape == [2, 2])
    #expect(table.values == ["7", "a/b.mp3", "8", "c.mp3"])
  }

  @Test func requestedShapesAreChecked() throws {
    let archive = try NPZ(FormatFiles.url("plain.npz"))
    var error = #expect(throws: Problem.self) { try archive.array("c") }
    #expect(error?.message == "no array 'c'; expected one of a, b, sample_key")
    error = #expect(throws: Problem.self) { try archive.array("sample_key") }
    #expect(error?.message.hasPrefix("array 'sample_key': elements of type |O; expected") == true)
    error = #expect(throws: Problem.self) { try archive.strings("a") }
    #expect(error?.message == "array 'a': elements of type <f4; expected strings")
  }
}
