// Every golden case is compared with, or left out for a reason.
import Foundation
import TestSupport
import Testing

/// The cases with a name of some beginning, and where they are compared.
private struct Compared {
  let prefix: String
  /// The files that name the beginning and the arrays, below `Tests`.
  let files: [String]
  /// Arrays that nothing is compared with, by reason.
  var leftOut: [String: [String]] = [:]
}

private let losses = ["MethodsTests/LossGoldenTests.swift", "MethodsTests/GoldenLoss.swift"]
private let thresholds = ["MethodsTests/ThresholdGoldenTests.swift"]
private let calibration = ["MetricsTests/CalibrationGoldenTests.swift"]
private let mixup = ["MethodsTests/MixupTests.swift"]

private let compared: [Compared] = [
  Compared(prefix: "cole_an_", files: losses),
  Compared(prefix: "cole_wan", files: losses),
  Compared(prefix: "cole_iu", files: losses),
  Compared(prefix: "cole_epr", files: losses),
  Compared(prefix: "cole_role__", files: losses),
  Compared(
    prefix: "cole_role_multistep", files: losses,
    leftOut: [
      "the weights after each step depend on it": ["out_gW", "out_gb", "out_gtheta", "out_reg"],
      "the estimates before the first step hold it": [
        "out_init_logit_pos", "out_init_logit_neg",
      ], "the losses of the steps depend on them": ["out_logits"],
    ]),
  Compared(
    prefix: "splc", files: losses,
    leftOut: ["the loss of each entry, which is compared, shows it": ["out_flipped"]]),
  Compared(prefix: "hill", files: losses),
  Compared(prefix: "asl", files: losses),
  Compared(prefix: "csl", files: losses),
  Compared(
    prefix: "nnpu", files: losses,
    leftOut: [
      "the loss of each class is one of them or their sum": [
        "out_positive_risk", "out_negative_risk",
      ]
    ]),
  Compared(
    prefix: "ll_", files: losses,
    leftOut: [
      "the number of large losses follows from it": ["out_clean_rate"],
      "it counts labels of the input": ["out_n_missing"],
    ]),
  Compared(
    prefix: "bg_", files: losses,
    leftOut: [
      "the number of large losses follows from it": ["out_clean_rate"],
      "it counts labels of the input": ["out_n_missing"],
    ]),
  Compared(prefix: "boostlu", files: losses),
  Compared(prefix: "cap", files: thresholds),
  Compared(prefix: "freematch_m", files: thresholds),
  Compared(prefix: "freematch_binary", files: thresholds),
  Compared(prefix: "softmatch", files: thresholds),
  Compared(prefix: "filteraugment", files: ["MethodsTests/FilterCurveTests.swift"]),
  Compared(prefix: "mixup_zhang", files: mixup),
  Compared(prefix: "mixup_masked_own", files: mixup),
  Compared(prefix: "mixup_filteraugsed", files: mixup),
  Compared(prefix: "calib_ece15_binary", files: calibration),
  Compared(
    prefix: "calib_ece15_edges", files: calibration,
    leftOut: [
      "bins with their upper edge leave out a probability of 0, so they are not used": [
        "out_count_left_open", "out_own_left_open",
      ]
    ]),
  Compared(
    prefix: "calib_temperature_multilabel", files: calibration,
    leftOut: [
      "where an optimizer stops is no optimum": [
        "out_T_global_lbfgs_lr0p01", "out_T_global_lbfgs_wolfe",
      ]
    ]),
  Compared(
    prefix: "calib_temperature_multiclass", files: calibration,
    leftOut: ["where an optimizer stops is no optimum": ["out_nll_after_lbfgs"]]),
  Compared(
    prefix: "calib_platt", files: calibration,
    leftOut: ["the exact ones, which agree to 1e-8, are compared": ["out_AB_smoothed_sklearn"]]),
  Compared(
    prefix: "calib_f1_threshold", files: calibration,
    leftOut: ["any threshold between two scores decides alike": ["out_midpoint"]]),
  Compared(
    prefix: "calib_lipton", files: calibration,
    leftOut: ["its largest value and where it lies are compared": ["out_F_per_k"]]),
]

@Suite(.enabled(if: SharedData.isPresent, "the golden values lie in ../shared/data/golden/losses"))
struct GoldenCoverageTests {
  /// The arrays with expected values, by case.
  private func expected() throws -> [String: [String]] {
    let folder = SharedData.data("golden/losses")
    let text = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
    let manifest = try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
    let cases = try #require(manifest["cases"] as? [[String: Any]])
    #expect(manifest["n_cases"] as? Int == cases.count)
    return try Dictionary(
      uniqueKeysWithValues: cases.map { entry in
        let arrays = try #require(entry["expected"] as? [String: Any])
        return (try #require(entry["name"] as? String), arrays.keys.map { "out_\($0)" })
      })
  }

  @Test func everyArrayOfEveryCaseIsComparedOrLeftOut() throws {
    var unused = Set(compared.map(\.prefix))
    for (name, arrays) in try expected() {
      let rows = compared.filter { name.hasPrefix($0.prefix) }
      #expect(rows.count == 1, "\(name): named by \(rows.map(\.prefix))")
      guard let row = rows.first else { continue }
      unused.remove(row.prefix)
      let text = row.files.map { SourceTree.text("Tests/\($0)") }.joined()
      #expect(text.contains("\"\(row.prefix)"), "\(row.files) do not read \(row.prefix)")
      let without = Set(row.leftOut.values.flatMap { $0 })
      for array in arrays where !without.contains(array) {
        #expect(text.contains("\"\(array)\""), "\(name): nothing is compared with \(array)")
      }
    }
    #expect(unused.isEmpty, "no such cases: \(unused.sorted())")
  }

  /// A reason for something that no case has is an old one.
  @Test func whatIsLeftOutExists() throws {
    let cases = try expected()
    for row in compared {
      let own = Set(cases.filter { $0.key.hasPrefix(row.prefix) }.values.flatMap { $0 })
      for (reason, arrays) in row.leftOut {
        #expect(reason.count > 20, "\(row.prefix): '\(reason)' is no reason")
        for array in arrays {
          #expect(own.contains(array), "\(row.prefix): no case has \(array)")
        }
      }
    }
  }
}
