// Pickles with values that mean nothing to a reader of tensors: named, passed over, never made.
import Formats
import Foundation
import TestSupport
import Testing
import WeightImport

struct OpaquePickleTests {
  private static let files = [
    "kinds.pth", "kinds-5.pth", "kinds-legacy-2.pth", "kinds-legacy-3.pth", "kinds-legacy-4.pth",
    "kinds-legacy-5.pth",
  ]

  /// Everything that PyTorch reads in its safe mode, and values of classes that it refuses.
  @Test(arguments: files)
  func tensorsAreReadBesideUnknownObjects(_ name: String) throws {
    let file = try WeightFile(FormatFiles.url(name))
    #expect(file.format == (name.contains("legacy") ? .legacyPyTorch : .pyTorch))
    let nested = "nested." + (0..<20).map { "n\($0)" }.joined(separator: ".")
    #expect(
      file.tensors.map(\.name) == [
        "model.weight", "unsigned", "expanded", nested, "a.b", "a.b#2", "(0, pair)", "turned",
        "last",
      ])
    #expect(try file.values("model.weight", shape: [1, 2]) == [1, 1])
    #expect(file["unsigned"]?.type == .u16)
    #expect(try file.values("unsigned", shape: [2]) == [1, 65_535])
    #expect(try file.values("expanded", shape: [5]) == [7, 7, 7, 7, 7])
    #expect(try file.values(nested, shape: [1]) == [20])
    #expect(try file.values("a.b", shape: [1]) == [1])
    #expect(try file.values("a.b#2", shape: [1]) == [2])
    #expect(try file.values("(0, pair)", shape: [1]) == [3])
    #expect(try file.values("turned", shape: [2, 3]) == FormatFiles.counting(6))
    #expect(try file.values("last", shape: [1]) == [1])
  }

  @Test(arguments: files)
  func skippedObjectsAreListed(_ name: String) throws {
    let unread = try WeightFile(FormatFiles.url(name)).unread
    let reasons = Dictionary(unread.map { ($0.name, $0.reason) }) { first, _ in first }
    #expect(
      Set(reasons.keys).isSuperset(of: [
        "complex", "schedule.milestones", "dtype", "set", "frozen", "number", "sparse", "quantized",
        "small", "storage", "settings", "namespace",
      ]), "\(reasons)")
    #expect(reasons["complex"]?.hasPrefix("tensor [2] of ") == true)
    #expect(reasons["schedule.milestones"] == "collections.Counter")
    #expect(reasons["dtype"] == "torch.float32")
    #expect(reasons["namespace"] == "argparse.Namespace")
    #expect(reasons["settings"] == "__main__.Settings")
    #expect(reasons["small"] == "tensor [2] of torch.float8_e4m3fn")
    #expect(reasons["sparse"] == "torch._utils._rebuild_sparse_tensor")
    #expect(reasons["size"] == nil && reasons["long"] == nil && reasons["model.weight"] == nil)
  }

  private func outcome(_ pickle: [UInt8]) throws -> WeightFile {
    try WeightFile(HostileZip.stored("a/data.pkl", [0x80, 4] + pickle + [0x2e]), name: "x")
  }

  private func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  /// Instructions for calls and sets, each on a name that nobody knows.
  @Test func everyKindOfCallIsOpaque() throws {
    let thing = global("nowhere", "Thing")
    let pickles: [(String, [UInt8])] = [
      ("nowhere.Thing", thing), ("nowhere.Thing", thing + [0x29, 0x52]),
      ("nowhere.Thing", thing + [0x29, 0x81]), ("nowhere.Thing", thing + [0x29, 0x7d, 0x92]),
      // What it would be given is not looked at: items of a dictionary and of a list, a state.
      ("nowhere.Thing", thing + [0x29, 0x81, 0x4b, 1, 0x4b, 2, 0x73]),
      ("nowhere.Thing", thing + [0x29, 0x81, 0x4b, 1, 0x61]),
      ("nowhere.Thing", thing + [0x29, 0x81, 0x7d, 0x62]),
      ("builtins.set", [0x8f, 0x28, 0x4b, 1, 0x90]), ("builtins.frozenset", [0x28, 0x4b, 1, 0x91]),
      ("extension 7", [0x82, 7]), ("an out-of-band buffer", [0x97, 0x98]),
      ("a value inside itself", [0x5d, 0x94, 0x68, 0, 0x61]),
      // Python 3.12 pickles members of enumerations so.
      ("builtins.getattr", global("builtins", "getattr") + [0x29, 0x52]),
      // A call of what a call returned.
      ("a call without name", thing + [0x29, 0x52, 0x29, 0x52]),
    ]
    for (expected, pickle) in pickles {
      let file = try outcome(pickle)
      #expect(file.tensors.isEmpty)
      #expect(file.unread.map(\.reason) == [expected], "\(pickle)")
    }
  }

  /// A file that asks to run something is refused whole, also where tensors lie beside it.
  @Test(arguments: [
    "posix system", "os system", "nt system", "subprocess Popen", "builtins eval", "builtins exec",
    "__builtin__ eval", "builtins __import__", "importlib import_module",
    "runpy run_path", "os.path join", "sys modules", "socket socket", "pty spawn",
  ])
  func codeExecutionIsRefused(_ name: String) {
    let parts = name.split(separator: " ").map(String.init)
    let error = #expect(throws: Problem.self) {
      try outcome(global(parts[0], parts[1]) + [0x29, 0x52])
    }
    #expect(error?.message == "the pickle asks for '\(parts[0]).\(parts[1])'; expected arrays only")
  }

  @Test func longListsOfUnknownObjectsAreTruncated() throws {
    let thing = global("nowhere", "Thing")
    let file = try outcome([0x28] + [[UInt8]](repeating: thing, count: 1500).joined() + [0x6c])
    #expect(file.unread.count == 1001)
    #expect(file.unread.last?.reason == "500 more values")
  }

  /// A whole number beyond 64 bits is the key it is.
  @Test func longIntegersAsKeys() throws {
    let reconstruct = global("numpy.core.multiarray", "_reconstruct")
    func text(_ text: String) -> [UInt8] { [0x8c, UInt8(text.utf8.count)] + Array(text.utf8) }
    let dtype =
      global("numpy", "dtype") + text("O8") + [0x89, 0x88, 0x87, 0x52, 0x28, 0x4b, 3] + text("|")
      + [0x4e, 0x4e, 0x4e, 0x74, 0x62]
    let values: [[UInt8]] = [
      [0x8a, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xff],
      [0x8b, 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
    ]
    let state: [UInt8] =
      [0x28, 0x4b, 1, 0x4b, 3, 0x85] + dtype + [0x89, 0x28] + values.joined() + [0x6c, 0x74, 0x62]
    let pickle = [0x80, 2] + reconstruct + [0x29, 0x52] + state + [0x2e]
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (3,)}"
    let bytes =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + pickle
    #expect(
      try NPY.strings(bytes, name: "x").values == [
        "1208925819614629174706176", "-18446744073709551616", "18446744073709551615",
      ])
  }
}
