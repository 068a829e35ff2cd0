/// `scant features DATASET --front-end ID|--extractor ID`: fills the feature cache.
import Acoustics
import ArgumentParser
import Datasets
import Foundation
import Models
import Output

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Compute and cache the features of a data set before training.",
    discussion: """
      Cached features are not computed again, so an interrupted command resumes where it stopped. \
      Memory use does not depend on the number of clips. A file that cannot be read is reported on \
      stderr; the others are computed.

      Example:
        scant features openmic2018 --extractor vggish

      Front ends: \(FrontEndCatalog.list). \
      Extractors: \(ExtractorCatalog.list).
      """)

  @Argument(
    help: ArgumentHelp("Id of a data set, or its folder.", valueName: "dataset"),
    completion: Completions.datasets)
  var dataset: String

  @Option(help: ArgumentHelp("Front end to compute.", valueName: "id"))
  var frontEnd: String?

  @Option(help: ArgumentHelp("Pre-trained network whose embeddings to compute.", valueName: "id"))
  var extractor: String?

  @Option(help: ArgumentHelp("Another layer of the extractor.", valueName: "name"))
  var layer: String?

  @Option(help: ArgumentHelp("Folder of the extractor's weights.", valueName: "dir"))
  var weights: String?

  @Option(help: ArgumentHelp("Folder of the data set.", valueName: "dir"))
  var root: String?

  @Option(help: ArgumentHelp("Number of threads; default: one per core.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard (frontEnd == nil) != (extractor == nil) else {
      throw ValidationError("one of --front-end and --extractor is needed; expected exactly one")
    }
    if let frontEnd, FrontEndCatalog.find(frontEnd) == nil {
      throw ValidationError("--front-end \(frontEnd): \(FrontEndCatalog.unknown)")
    }
    if let extractor, ExtractorCatalog.find(extractor) == nil {
      throw ValidationError("--extractor \(extractor): \(ExtractorCatalog.unknown)")
    }
    if extractor == nil, layer != nil || weights != nil {
      throw ValidationError("--layer and --weights belong to an extractor; expected --extractor")
    }
    try check("--threads", threads, in: 1...256)
  }

  func run() throws {
    let interruption = Interruption()
    let meter = Meter()
    let progress = meter.progress(until: interruption)
    let dataset = try open(progress)
    let extractor = try extractor(for: dataset)
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    try dataset.makeSounds(of: nil, threads: threads, progress: progress)
    let report = try FeatureStore().fill(
      dataset.clips, by: extractor, threads: threads, progress: progress)
    for problem in dataset.problems + report.problems { Console.shared.complain(problem) }
    try Console.shared.print("\(report.computed) computed, \(report.cached) in the cache before")
    if report.computed + report.cached == 0 { throw ExitCode.failure }
  }

  private func open(_ progress: @escaping ProgressHandler) throws -> any Dataset {
    let folder = URL(fileURLWithPath: dataset)
    let isKnown = DatasetCatalog.find(dataset) != nil
    let recognized = try isKnown ? nil : DatasetCatalog.recognize(folder)
    let place = root.map { URL(fileURLWithPath: $0) } ?? recognized.map { _ in folder }
    let settings = DatasetSettings(root: place, threads: threads)
    return try DatasetCatalog.open(recognized ?? dataset, settings, progress: progress)
  }

  /// A front end sees clips of the data set's length, as in training.
  private func extractor(for dataset: any Dataset) throws -> any FeatureExtractor {
    if let extractor {
      return try ExtractorCatalog.open(
        extractor, layer: layer, root: weights.map { URL(fileURLWithPath: $0) })
    }
    var made = frontEnd.flatMap(FrontEndCatalog.find) ?? .band
    made.seconds = dataset.seconds
    return made
  }
}
