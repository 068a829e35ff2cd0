// swift-tools-version: 6.0
// Three small programs that use Scant's libraries as another package would.
import PackageDescription

func example(_ name: String, _ products: [String]) -> Target {
  .executableTarget(name: name, dependencies: products.map { .product(name: $0, package: "scant") })
}

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "scant", path: "..")],
  targets: [
    example("TrainOnArrays", ["Autograd", "Layers"]),
    example("ScorePartialLabels", ["Metrics"]),
    example("EmbedFile", ["Acoustics", "Models"]),
  ],
  swiftLanguageModes: [.v6]
)
