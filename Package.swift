// swift-tools-version: 6.0
// The targets form two halves, learning and drawing, that meet in `Panes` and `scant` alone.
// Every target declares what it imports; HouseRulesTests compare the two.
import PackageDescription

/// Kernels are optimised in debug builds too, so that training stays usable there. SwiftPM refuses
/// the flag in a package that is somebody's dependency, so it is left out in their checkouts.
let isDependency = Context.packageDirectory.contains("/checkouts/")
let kernelSettings: [CSetting] =
  isDependency ? [] : [.unsafeFlags(["-O2"], .when(configuration: .debug))]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies)
}

/// What is tested is optimised, the tests are not: they take half as long to compile.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"],
    swiftSettings: [.unsafeFlags(["-Onone"], .when(configuration: .release))])
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "scant",
  products: [
    .executable(name: "scant", targets: ["scant"]),
    .library(name: "Acoustics", targets: ["Acoustics"]),
    .library(name: "Autograd", targets: ["Autograd"]),
    .library(name: "Layers", targets: ["Layers"]),
    .library(name: "Metrics", targets: ["Metrics"]),
    .library(name: "Methods", targets: ["Methods"]),
    .library(name: "Models", targets: ["Models"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C, behind thin module maps
    .systemLibrary(name: "CNcurses"),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(
      name: "CMpg123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CZip", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CFluidSynth", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKernels", cSettings: kernelSettings),

    // learning
    library("Autograd", ["CKernels", "COpenBLAS"]),
    library("Layers", ["Autograd"]),
    library("Acoustics", ["CSndfile", "CMpg123", "CFFTW", "CKernels"]),
    library("Formats", ["CZip"]),
    library("WeightImport", ["Formats"]),
    library("Downloads", ["Formats"]),
    library(
      "Datasets", ["Autograd", "Layers", "Acoustics", "Downloads", "Formats", "CFluidSynth"]),
    library("Classics", ["Autograd", "CKernels"]),
    .target(
      name: "Models",
      dependencies: [
        "Autograd", "Layers", "Acoustics", "Downloads", "Formats", "WeightImport", "Classics",
      ],
      resources: [.copy("Weights")]),
    library("Methods", ["Autograd", "Layers", "Acoustics", "Datasets", "Formats"]),
    library("Metrics"),
    library("PlainYAML", [yams]),
    library(
      "Lab",
      [
        "Autograd", "Layers", "Acoustics", "Formats", "Datasets", "Models", "Methods", "Metrics",
        "PlainYAML", yams,
      ]),
    library("Report", ["Formats", "Lab", "Metrics"]),

    // drawing
    library("Canvas", ["PlainYAML", yams]),
    library("Terminal", ["Canvas", "CNcurses"]),
    library(
      "Panes", ["Canvas", "Datasets", "Formats", "Lab", "Layers", "Methods", "Metrics", "Models"]),
    library("Output", ["Canvas", "Formats", arguments]),
    .executableTarget(
      name: "scant",
      dependencies: [
        "Downloads",
        "Acoustics", "Canvas", "Datasets", "Formats", "Lab", "Layers", "Methods", "Metrics",
        "Models", "Output", "Panes", "Report", "Terminal", "WeightImport", arguments,
      ]),

    // benchmarks: a program beside `scant`, which `scant bench` starts
    .target(
      name: "Bench",
      dependencies: [
        "Autograd", "Layers", "Acoustics", "Formats", "Models", "Classics", "Metrics",
      ],
      path: "Benchmarks/Bench"),
    .executableTarget(
      name: "scant-bench",
      dependencies: [
        "Autograd", "Bench", "Canvas", "CNcurses", "Lab", "Output", "Panes", "Terminal", arguments,
      ],
      path: "Benchmarks/Command"),

    // tests
    .target(
      name: "TestSupport", dependencies: ["Autograd", "Canvas", "Formats"],
      path: "Tests/TestSupport"),
    .systemLibrary(name: "CVTerm", path: "Tests/CVTerm"),
    .executableTarget(
      name: "FaultCampaign", dependencies: ["CSndfile"], path: "Tests/FaultCampaign",
      exclude: ["Preload"]),
    tests("AutogradTests", ["Autograd"]),
    tests("LayersTests", ["Autograd", "Layers"]),
    tests("AcousticsTests", ["Acoustics", "Formats"]),
    tests("FormatsTests", ["Formats"]),
    tests("WeightImportTests", ["Formats", "WeightImport"]),
    tests("DownloadsTests", ["Downloads", "Formats"]),
    tests("DatasetsTests", ["Acoustics", "Autograd", "Datasets", "Formats"]),
    tests(
      "ModelsTests", ["Acoustics", "Autograd", "Formats", "Layers", "Models", "WeightImport"]),
    tests(
      "MethodsTests", ["Acoustics", "Autograd", "Datasets", "Layers", "Methods", "Models"]),
    tests("ClassicsTests", ["Acoustics", "Autograd", "Classics"]),
    tests("MetricsTests", ["Metrics"]),
    tests("BenchTests", ["Autograd", "Bench"]),
    tests(
      "LabTests",
      [
        "Acoustics", "Autograd", "Datasets", "Formats", "Lab", "Layers", "Methods", "Metrics",
        "Models",
      ]),
    tests("ReportTests", ["Lab", "Metrics", "Report"]),
    tests("CanvasTests", ["Canvas"]),
    tests("TerminalTests", ["Canvas", "Terminal", "CVTerm"]),
    tests("PanesTests", ["Autograd", "Canvas", "Lab", "Layers", "Metrics", "Panes"]),
    tests("HouseRulesTests", ["Methods"]),
    tests("CommandTests", ["scant", "scant-bench", "Acoustics", "Formats", "Lab"]),
  ],
  swiftLanguageModes: [.v6]
)
