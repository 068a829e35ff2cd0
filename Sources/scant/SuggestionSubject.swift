// What `scant suggest` ranks with: a run, the data of a folder, or sounds without any label.
import Datasets
import Formats
import Foundation
import Lab
import Models
import Output

struct SuggestionSubject {
  enum Source {
    case run(RunFolder)
    /// No run yet.
    case data(Recipe)
    /// No labels yet.
    case sounds(UnlabelledFolder)
  }

  let source: Source
  /// Answers go there.
  let patch: URL
  /// As the command names it.
  private let path: String

  var run: RunFolder? {
    if case .run(let folder) = source { folder } else { nil }
  }

  /// What ranks, for people.
  var name: String { run?.name ?? path }

  init(_ path: String, _ options: SessionOptions, needsRun: Bool) throws {
    self.path = path
    let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
    if try StoredFile.exists(folder.recipe) {
      source = .run(folder)
      patch = Self.session(of: folder).appendingPathComponent(LabelPatch.fileName)
      return
    }
    if try FolderSession(path, options.folders) != nil {
      (source, patch) = try Self.ofSounds(path, options)
      return
    }
    let url = URL(fileURLWithPath: path)
    if path.contains("/"), url.pathExtension != "yaml", try !StoredFile.isFolder(url) {
      // It says which of them it is: nothing, or a file.
      _ = try SoundFolder(path)
    }
    let session = try options.find(path)
    patch = session.folder.appendingPathComponent(LabelPatch.fileName)
    // A folder of sounds here may have the name of its session.
    let own = url.appendingPathComponent("session.yaml")
    let isFolder = try StoredFile.isFolder(url) && !StoredFile.exists(own)
    if needsRun, try !isFolder || session.bestRun() != nil {
      guard let best = try session.bestRun() else {
        throw LabError(
          "\(session.name): no finished run with a validation score; expected one, from "
            + "scant run \(session.name)")
      }
      source = .run(best)
    } else {
      source = .data(session.runs.first?.recipe ?? Recipe())
    }
  }

  /// The best run of the folder's own session, else that of its comparison.
  private static func ofSounds(
    _ path: String, _ options: SessionOptions
  ) throws -> (Source, URL) {
    let homes = try ["", "-compare"].compactMap { suffix in
      try FolderSession(path, options.folders, suffix: suffix)
    }
    for session in try homes.compactMap({ try $0.known() }) {
      guard let best = try session.bestRun() else { continue }
      return (.run(best), session.folder.appendingPathComponent(LabelPatch.fileName))
    }
    let id = try SoundFolder(path).id
    let root = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    let recipe = try Recipe().setting("dataset.id", to: id).setting("dataset.root", to: root.path)
    let place = try homes[0].place(in: options.folderHome)
    let patch = place.appendingPathComponent(LabelPatch.fileName)
    if id == Folder.card.id, try UnlabelledFolder.isOne(root) {
      return (.sounds(try UnlabelledFolder(root)), patch)
    }
    return (.data(recipe), patch)
  }

  /// `SESSION/runs/NAME` belongs to a session; answers to another run lie beside it.
  private static func session(of folder: RunFolder) -> URL {
    let parent = folder.url.standardizedFileURL.deletingLastPathComponent()
    return parent.lastPathComponent == "runs" ? parent.deletingLastPathComponent() : parent
  }

  func demandRun() throws -> RunFolder {
    guard let run else {
      throw LabError(
        "\(path): no finished run; expected one, from scant train or scant compare")
    }
    return run
  }

  /// The folder of sounds that the run or the data is of.
  func demandSounds() throws -> URL {
    let recipe: Recipe? =
      switch source {
      case .run(let folder): try folder.readRecipe()
      case .data(let known): known
      case .sounds: nil
      }
    guard let recipe, recipe.dataset == Folder.card.id, let root = recipe["dataset.root"] else {
      throw LabError("\(path): no folder of sounds with a table; expected one for --out")
    }
    return URL(fileURLWithPath: root, isDirectory: true)
  }

  // MARK: tags

  /// By the confirmed mapping beside the session; nil without one. `isDemanded`: throws then.
  func guesses(
    _ executor: RunExecutor, isDemanded: Bool, _ progress: @escaping PreparationHandler
  ) throws -> TagGuesses? {
    let needed = "scant tag --classes \(path.forShell)"
    guard let file = try TagMapping.find(in: patch.deletingLastPathComponent()) else {
      guard isDemanded else { return nil }
      throw LabError("\(path): no tags for its classes; expected them, from \(needed)")
    }
    let mapping = try TagMapping(reading: file)
    guard mapping.isConfirmed else {
      guard isDemanded else {
        Console.shared.say("\(file.fromHere) is not confirmed, so there is no guess")
        return nil
      }
      throw LabError("\(file.fromHere): no tag is confirmed; expected some, by \(needed) --confirm")
    }
    if !isDemanded, try tagger() == nil {
      Console.shared.say("no weights of a network that tags, so there is no guess")
      return nil
    }
    let recipe: Recipe
    switch source {
    case .run(let folder): recipe = try folder.readRecipe()
    case .data(let known): recipe = known
    case .sounds: return nil
    }
    return try executor.guesses(mapping, recipe, progress: progress)
  }

  /// The network that tags sounds; nil without weights.
  func tagger() throws -> String? {
    try SoundTagger.extractors.map { $0.card.id }.first {
      try ExtractorCatalog.folder(for: $0) != nil
    }
  }

  /// What ranks without a run, in words, and the network of the distances.
  func untrained(_ rule: SuggestionRule) throws -> (words: String, extractor: String) {
    guard SuggestionRule.untrained.contains(rule) else {
      throw LabError(
        "\(path): no finished run that ranks by \(rule.rawValue); expected --by diversity, tags or "
          + "random, or a run from scant compare \(path.forShell)")
    }
    let extractor = try SessionDraft.bestExtractor()
    let how =
      switch rule {
      case .tags: "likely positives of rare classes first, by tags"
      case .random: "in a random order"
      default: "the most different clips first, by \(extractor)"
      }
    return ("no finished run for \(path): \(how)", extractor)
  }
}

extension Meter {
  /// Shows preparations until the work is interrupted.
  func preparation(until interruption: Interruption) -> PreparationHandler {
    { preparation in
      self.show(
        Meter.Reading(
          what: preparation.what, done: preparation.done, total: preparation.total,
          left: preparation.eta))
      return !interruption.isRaised
    }
  }
}
