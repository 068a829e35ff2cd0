/// Looking into files of weights: a table, JSON, and one line for what is none.
import Foundation
import Testing

@Suite struct WeightsTests {
  let scant: Program
  init() throws { scant = try Program() }

  private func golden(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/Formats/\(name)").path
  }

  @Test func kerasWeightsAsTable() throws {
    let outcome = try scant("weights", "inspect", golden("keras.h5.gz"))
    #expect(outcome.status == 0 && outcome.err.isEmpty)
    let lines = outcome.out.split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("name ") == true)
    #expect(
      lines.contains { $0.hasPrefix("conv2d_1/kernel:0") && $0.contains("F32   [3, 3, 1, 4]") })
    #expect(lines.last == "keras-hdf5: 8 tensors, 426 numbers, 1704 bytes unpacked")
  }

  @Test(arguments: [("zip.pth", "pytorch"), ("legacy.pth", "pytorch-legacy")])
  func torchWeightsAsJSON(_ file: String, _ format: String) throws {
    let outcome = try scant("weights", "inspect", golden(file), "--json")
    let report = try #require(try outcome.json() as? [String: Any])
    #expect(report["format"] as? String == format)
    #expect(report["parameters"] as? Int == 46)
    let tensors = try #require(report["tensors"] as? [[String: Any]])
    #expect(tensors.count == 11)
    #expect(tensors[1]["name"] as? String == "model.turned")
    #expect(tensors[1]["shape"] as? [Int] == [3, 2])
    #expect(tensors[4]["type"] as? String == "F16")
  }

  @Test func nonWeightFilesAreAOneLineError() throws {
    try scant.write("x.pth", "this is not a weight file at all")
    for name in ["x.pth", "missing.pth"] {
      let outcome = try scant("weights", "inspect", scant.url(name).path)
      #expect(outcome.status == 1 && outcome.out.isEmpty)
      #expect(outcome.complaints.count == 1 && outcome.errorLines.count == 1)
    }
  }
}
