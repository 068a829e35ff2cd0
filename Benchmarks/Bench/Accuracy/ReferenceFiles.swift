// Weights, inputs and results of one network, computed elsewhere in single and double precision.
import Autograd
import Formats
import Foundation

/// One folder of reference files: `check.json` and the safetensors files it names.
struct ReferenceFiles {
  /// Parameters and running statistics before the step.
  let weights: [String: Tensor]
  /// `input`, `target`, perhaps `observed`, and the results in single precision.
  let single: [String: Tensor]
  /// The results in double precision: what counts.
  let exact: [String: Tensor]
  let check: Check

  struct Check: Decodable {
    /// Tensors that are 0 but for rounding.
    let zero: [String]
    /// PyTorch's own error in single precision: relative L2 and largest difference.
    let pytorchErrors: [String: [Double]]
    let files: [String]
    /// Decisions (the sign of a ReLU's input, the winner of a max-pool) so near a tie that PyTorch
    /// takes them otherwise in single than in double precision.
    let flips: Int

    enum CodingKeys: String, CodingKey {
      case zero, files
      case flips = "flips_of_pytorch_fp32"
      case pytorchErrors = "pytorch_fp32_error"
    }
  }

  static func exists(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent("check.json").path)
  }

  /// Throws where a file is missing or damaged.
  init(_ folder: URL) throws {
    let list = folder.appendingPathComponent("check.json")
    do {
      check = try JSONDecoder().decode(Check.self, from: Data(contentsOf: list))
    } catch is DecodingError {
      throw AccuracyError(
        "\(list.path): not understood; expected the fields of a step's check")
    }
    let files = check.files
    func tensors(_ stem: String) throws -> [String: Tensor] {
      let names = files.filter { $0.hasPrefix(stem) && $0.hasSuffix(".safetensors") }
      return try names.reduce(into: [:]) { tensors, name in
        // Names come from a file: they must not lead out of the folder.
        let url = folder.appendingPathComponent((name as NSString).lastPathComponent)
        for (key, entry) in try Safetensors.read(url).tensors {
          tensors[key] = Tensor(entry.values, entry.shape)
        }
      }
    }
    weights = try tensors("weights")
    single = try tensors("fp32")
    exact = try tensors("fp64")
  }

  /// What PyTorch's error says is to be expected of `name`. Which near-ties fall the other way is
  /// chance, and one of them moves all gradients before it: with ties, every gradient is compared
  /// with PyTorch's worst one.
  func expectedError(_ name: String) -> Double? {
    let own = check.pytorchErrors[name]?.first
    guard check.flips > 0, name.hasPrefix("gradient.") else { return own }
    let all = check.pytorchErrors.filter { $0.key.hasPrefix("gradient.") }
    return all.values.compactMap(\.first).max()
  }

  /// A tensor of the single-precision file that has to be there.
  func required(_ name: String) throws -> Tensor {
    guard let tensor = single[name] else {
      throw AccuracyError("the fp32 file has no '\(name)'; expected the step's input and target")
    }
    return tensor
  }
}

/// The reason why networks cannot be checked.
public struct AccuracyError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
