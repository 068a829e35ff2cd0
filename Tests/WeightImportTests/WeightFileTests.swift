// One view of every kind of weight file, read from what the other programs wrote.
import Formats
import Foundation
import TestSupport
import Testing
import WeightImport

struct WeightFileTests {
  @Test(arguments: [("zip.pth", WeightFile.Format.pyTorch), ("legacy.pth", .legacyPyTorch)])
  func torch(_ name: String, _ format: WeightFile.Format) throws {
    let file = try WeightFile(FormatFiles.url(name))
    #expect(file.format == format)
    #expect(
      file.tensors.map(\.name) == [
        "model.conv.weight", "model.turned", "model.part", "model.whole", "model.half",
        "model.brain", "model.double", "model.num_batches_tracked", "model.parameter", "pca",
        "list.0",
      ])
    #expect(
      file.tensors.map(\.type)
        == [.f32, .f32, .f32, .f32, .f16, .bf16, .f64, .i64, .f32, .f64, .i32])
    #expect(try file.values("model.conv.weight", shape: [2, 1, 2, 3]) == FormatFiles.counting(12))
    #expect(try file.values("model.turned", shape: [3, 2]) == [0, 0.75, 0.25, 1, 0.5, 1.25])
    #expect(try file.values("model.part", shape: [4]) == [0.75, 1, 1.25, 1.5])
    #expect(try file.values("model.whole", shape: [10]) == FormatFiles.counting(10))
    #expect(try file.values("model.half", shape: [3]) == [1.5, -2, 65_504])
    #expect(try file.values("model.brain", shape: [2]) == [1.5, -2])
    #expect(try file.values("model.double", shape: [1, 1]) == [0.25])
    #expect(try file.values("model.num_batches_tracked", shape: []) == [7])
    #expect(try file.values("model.parameter", shape: [2]) == [1, 1])
    #expect(try file.values("pca", shape: [2, 2]) == FormatFiles.counting(4))
    #expect(try file.values("list.0", shape: [1]) == [5])
    #expect(file.parameterCount == 12 + 6 + 4 + 10 + 3 + 2 + 1 + 1 + 2 + 4 + 1)
  }

  @Test(arguments: ["keras.h5", "keras.h5.gz", "chunked.h5", "latest.h5"])
  func keras(_ name: String) throws {
    let file = try WeightFile(FormatFiles.url(name))
    #expect(file.format == .keras)
    #expect(
      file.tensors.map(\.name) == [
        "conv2d_1/kernel:0", "conv2d_1/bias:0", "bn_1/gamma:0", "bn_1/beta:0",
        "bn_1/moving_mean:0", "bn_1/moving_variance:0", "dense_1/kernel:0", "dense_1/bias:0",
      ])
    for tensor in file.tensors {
      #expect(tensor.type == .f32)
      #expect(try tensor.values() == FormatFiles.counting(tensor.count))
    }
    #expect(try file.values("dense_1/kernel:0", shape: [36, 10]).count == 360)
  }

  @Test func denseGroups() throws {
    let file = try WeightFile(FormatFiles.url("many.h5"))
    #expect(file.tensors.map(\.name) == (0..<60).map { "dense_\($0)/kernel:0" })
  }

  @Test func otherHDF5FilesUsePathsAsNames() throws {
    let file = try WeightFile(FormatFiles.url("plain.h5"))
    #expect(file.format == .hdf5)
    #expect(file.tensors.count == 43)
    #expect(try file.values("group/int", shape: [2, 3]) == [0, 1, 2, 3, 4, 5])
    #expect(try file.values("group/flag", shape: [2]) == [1, 0])
    #expect(try file.values("half", shape: [3]) == [0, 0.25, 0.5])
    #expect(try file.values("many/39", shape: []) == [39])
  }

  @Test func numpyFilesAreRead() throws {
    let file = try WeightFile(FormatFiles.url("packed.npz"))
    #expect(file.tensors.map(\.name) == ["X", "Y_mask", "turned"])
    #expect(file.metadata.isEmpty)
    #expect(
      file.unread.map { "\($0.name): \($0.reason)" } == [
        "sample_key: array [3] of |O", "fixed: array [2] of <U2", "raw: array [2] of |S2",
      ])
    #expect(try file.values("X", shape: [3, 4, 5]).count == 60)
  }

  @Test func safetensorsAreRead() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x")
      let tensors = ["b": Safetensors.Entry(shape: [2], values: [1, 2])]
      try Safetensors.write(tensors, metadata: ["k": "v"], to: url)
      let file = try WeightFile(url)
      #expect(file.format == .safetensors)
      #expect(file.metadata == ["k": "v"])
      #expect(try file.values("b", shape: [2]) == [1, 2])
      let error = #expect(throws: Problem.self) { try file.values("b", shape: [1]) }
      #expect(error?.description == "\(url.path): tensor 'b' has shape [2]; expected [1]")
    }
  }

  @Test func unknownFormatIsOneError() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x")
      for text in ["", "a", "hello, world, this is text", "PK", "PK\u{3}\u{4}xxxxxxxxxxxxxxxxxxx"] {
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: Problem.self, "\(text)") { try WeightFile(url) }
        #expect(error?.description.contains("; expected") == true, "\(text)")
      }
    }
  }
}
