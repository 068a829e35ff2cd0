// Files made to harm: bombs, circles, lies about sizes, pickles that want to run something.
import Formats
import Foundation
import TestSupport
import Testing
import WeightImport

struct HostileFileTests {
  private func message(_ data: Data) throws -> String {
    do {
      let file = try WeightFile([UInt8](data), name: "x")
      for tensor in file.tensors { _ = try tensor.values() }
      return "no error"
    } catch let error as Problem {
      return error.message
    }
  }

  private func golden(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: FormatFiles.url(name)))
  }

  private func torch(_ pickle: [UInt8], storage: [UInt8] = [0, 0, 0x80, 0x3f]) -> Data {
    var zip = HostileZip()
    zip.add("a/data.pkl", pickle)
    zip.add("a/data/0", storage)
    return zip.finished()
  }

  /// A dictionary of one tensor over storage 0, which claims `count` numbers.
  private func tensor(offset: Int, shape: [UInt8], strides: [UInt8], count: Int) -> [UInt8] {
    func tuple(_ sizes: [UInt8]) -> [UInt8] { [0x28] + sizes.flatMap { [0x4b, $0] } + [0x74] }
    func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    func number(_ value: Int) -> [UInt8] { [0x8a, 8] + little(value, 8) }
    let id =
      [0x28] + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0") + text("cpu")
      + number(count) + [0x74, 0x51]
    let rebuild = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
    let arguments =
      [0x28] + id + number(offset) + tuple(shape) + tuple(strides) + [0x89, 0x7d, 0x74]
    return [0x80, 2, 0x7d] + text("w") + rebuild + arguments + [0x52, 0x73, 0x2e]
  }

  @Test func tensorsOutsideTheirStorageAreErrors() throws {
    #expect(
      try message(torch(tensor(offset: 0, shape: [1], strides: [1], count: 1))) == "no error")
    #expect(
      try message(torch(tensor(offset: 0, shape: [2], strides: [1], count: 2)))
        == "storage '0' has 4 bytes; expected 2 F32 numbers")
    for pickle in [
      tensor(offset: 1, shape: [1], strides: [1], count: 1),
      tensor(offset: -1, shape: [1], strides: [1], count: 1),
      tensor(offset: .max, shape: [1], strides: [1], count: 1),
      tensor(offset: 0, shape: [2], strides: [1], count: 1),
      tensor(offset: 0, shape: [1, 1], strides: [1], count: 1),
    ] {
      let said = try message(torch(pickle))
      #expect(said.contains("expected it within the 1 numbers of its storage"), "\(said)")
    }
  }

  /// A tensor may show one number many times, a million in all.
  @Test func tensorExpansionIsBounded() throws {
    let wide = tensor(offset: 0, shape: [100, 100, 100], strides: [0, 0, 0], count: 1)
    #expect(try message(torch(wide)) == "no error")
    for shape in [[200, 200, 200, 200], [128, 128, 66]] as [[UInt8]] {
      let strides = [UInt8](repeating: 0, count: shape.count)
      let said = try message(torch(tensor(offset: 0, shape: shape, strides: strides, count: 1)))
      #expect(said.hasPrefix("tensors have far more numbers than the file"), "\(said)")
    }
  }

  @Test func picklesAreNeverExecuted() throws {
    let system = Array("cposix\nsystem\n".utf8)
    let evil = [0x80, 2] + system + [0x8c, 2, 0x6c, 0x73, 0x85, 0x52, 0x2e] as [UInt8]
    #expect(
      try message(torch(evil)) == "the pickle asks for 'posix.system'; expected arrays only")
    let stacked =
      [0x80, 4, 0x8c, 2, 0x6f, 0x73, 0x8c, 6] + Array("system".utf8) + [0x93, 0x2e] as [UInt8]
    #expect(try message(torch(stacked)).contains("asks for 'os.system'"))
    let unknown = try message(torch([0x80, 2, 0x69, 0x2e]))
    #expect(unknown == "the pickle has instruction 0x69; expected plain data")
  }

  @Test func nestedAndCyclicPicklesTerminate() throws {
    let deep = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 500_000) + [0x2e]
    #expect(try message(torch(deep)).hasPrefix("values are nested too deeply"))
    // l = []; l.append(l)
    #expect(try message(torch([0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e])) == "no error")
    // A thousand million laughs: each tuple holds the one before it three times.
    let laugh: [UInt8] = [0x71, 0, 0x68, 0, 0x68, 0, 0x87]
    func laughs(_ count: Int) -> [UInt8] {
      [0x80, 2, 0x29] + [[UInt8]](repeating: laugh, count: count).joined() + [0x2e]
    }
    #expect(try message(torch(laughs(200))).hasPrefix("values are nested too deeply"))
    #expect(try message(torch(laughs(14))).hasPrefix("values are nested too deeply"))
    let long = [0x80, 2, 0x58, 0xff, 0xff, 0xff, 0x7f, 0x2e] as [UInt8]
    #expect(try message(torch(long)).contains("expected at most"))
    #expect(try message(torch([0x80, 2, 0x74, 0x2e])).hasPrefix("the pickle takes more values"))
    #expect(try message(torch([0x80, 2, 0x7d])).hasPrefix("the pickle is truncated"))
  }

  @Test func wrongArchiveHeadersAreErrors() throws {
    var zip = HostileZip()
    zip.add("a.npy", [1, 2, 3], size: 1 << 30, method: 8)
    #expect(try message(zip.finished()).contains("expected no zip bomb"))
    zip = HostileZip()
    zip.add("a.npy", [1, 2, 3], size: 4)
    #expect(try message(zip.finished()).contains("stored in 3 bytes; expected 4"))
    zip = HostileZip()
    zip.add("a.npy", [1, 2, 3])
    zip.add("b.npy", [1, 2, 3], at: 0)
    #expect(try message(zip.finished()).contains("overlaps another"))
    zip = HostileZip()
    zip.add("a.npy", [1])
    #expect(try message(zip.finished(entries: 3)) == "1 members; expected 3")
    zip.add("a.npy", [1])
    #expect(try message(zip.finished()) == "two members 'a.npy'; expected one")
    zip = HostileZip()
    zip.add("a.npy", [1], method: 12)
    #expect(try message(zip.finished()).contains("packed by method 12"))
  }

  /// A member that is packed into nothing and expands to nothing is damaged: the shortest deflated
  /// data is two bytes. What all empty arrays share stays as it was.
  @Test func emptyDataIsNotValidDeflate() throws {
    for name in ["a.npy", "archive/byteorder", "archive/data.pkl"] {
      var zip = HostileZip()
      if name == "archive/byteorder" { zip.add("archive/data.pkl", [0x80, 2, 0x7d, 0x2e]) }
      zip.add(name, [], size: 0, method: 8)
      #expect(try message(zip.finished()).contains("member '\(name)' is damaged"), "\(name)")
      #expect(name.utf8.filter { $0 == 0 }.count == 0)
    }
  }

  /// What expands to more than was announced stops there.
  @Test func gzipBombsAreRefused() throws {
    var bytes = try golden("keras.h5.gz")
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: little(64, 4))
    #expect(try message(Data(bytes)).contains("expected it to expand to 64 bytes"))
    bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0xff, 0xff, 0xff, 0xff])
    #expect(try message(Data(bytes)).contains("expected no zip bomb"))
  }

  /// The root's own address in place of every other: groups that contain themselves.
  @Test(arguments: ["keras.h5", "plain.h5", "latest.h5", "many.h5"])
  func cyclicHDF5FilesTerminate(_ name: String) throws {
    let original = try golden(name)
    let isOld = original[8] == 0
    let root = Array(original[isOld ? 64..<72 : 36..<44])
    var complaints = 0
    for place in stride(from: isOld ? 96 : 48, to: original.count - 8, by: isOld ? 8 : 1) {
      // Whatever looks like an address inside the file.
      let value = (0..<8).reduce(0) { $0 | Int(original[place + $1]) << (8 * min($1, 7)) }
      guard (40..<original.count).contains(value), isOld || place % 3 == 0 else { continue }
      var bytes = original
      bytes.replaceSubrange(place..<place + 8, with: root)
      if try message(Data(bytes)) != "no error" { complaints += 1 }
    }
    #expect(complaints > 5)
  }

  @Test(arguments: ["zip.pth", "legacy.pth", "plain.npz", "keras.h5", "latest.h5", "keras.h5.gz"])
  func everyTruncationIsAnError(_ name: String) throws {
    let bytes = try golden(name)
    for length in stride(from: 0, to: bytes.count - 1, by: max(1, bytes.count / 150)) {
      let said = try message(Data(bytes.prefix(length)))
      #expect(said.contains("; expected"), "\(name) cut to \(length): \(said)")
    }
  }
}
