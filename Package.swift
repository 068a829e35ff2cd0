// swift-tools-version: 6.0
// The targets form two halves, learning and drawing, that meet in `Panes` and `scant` alone.
// Documentation/Architecture.md draws the graph; HouseRulesTests keep it.
import PackageDescription

/// C is optimised in debug builds too: training in a debug build stays usable. `-fno-math-errno`
/// lets square roots vectorise.
let fastC: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math"])]

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
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C, behind thin module maps
    .systemLibrary(name: "CNcurses"),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CZip", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CFluidSynth", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKernels", cSettings: fastC),

    // learning
    library("Autograd", ["CKernels", "COpenBLAS"]),
    library("Layers", ["Autograd"]),
    library("Acoustics", ["CSndfile", "CFFTW", "CKernels"]),
    library("Formats", ["CZip"]),
    library("Datasets", ["Autograd", "Acoustics", "Formats", "CFluidSynth"]),
    library("Classics", ["Autograd", "CKernels"]),
    .target(
      name: "Models", dependencies: ["Layers", "Acoustics", "Formats", "Classics"],
      resources: [.copy("Weights")]),
    library("Methods", ["Layers", "Datasets"]),
    library("Metrics"),
    library("Bench", ["Models", "Classics", "Metrics"]),
    library("Lab", ["Datasets", "Models", "Methods", "Metrics", yams]),

    // drawing
    library("Canvas", [yams]),
    library("Terminal", ["Canvas", "CNcurses"]),
    library("Panes", ["Canvas", "Lab"]),
    .executableTarget(
      name: "scant", dependencies: ["Terminal", "Panes", "Lab", "Bench", arguments]),

    // tests
    .target(
      name: "TestSupport", dependencies: ["Autograd", "Canvas"], path: "Tests/TestSupport"),
    .systemLibrary(name: "CVTerm", path: "Tests/CVTerm"),
    .executableTarget(
      name: "FaultCampaign", dependencies: ["CSndfile"], path: "Tests/FaultCampaign",
      exclude: ["Preload"]),
    tests("AutogradTests", ["Autograd"]),
    tests("LayersTests", ["Layers", "Formats"]),
    tests("AcousticsTests", ["Acoustics", "Formats"]),
    tests("FormatsTests", ["Formats"]),
    tests("DatasetsTests", ["Datasets"]),
    tests("ModelsTests", ["Models"]),
    tests("MethodsTests", ["Methods", "Models"]),
    tests("ClassicsTests", ["Classics", "Acoustics"]),
    tests("MetricsTests", ["Metrics"]),
    tests("BenchTests", ["Bench"]),
    tests("LabTests", ["Lab"]),
    tests("CanvasTests", ["Canvas"]),
    tests("TerminalTests", ["Terminal", "CVTerm"]),
    tests("PanesTests", ["Panes"]),
    tests("HouseRulesTests", ["Methods"]),
    tests("CommandTests", ["scant", "Acoustics"]),
  ],
  swiftLanguageModes: [.v6]
)
