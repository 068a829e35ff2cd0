// What `scant fetch` says: the list, the plan, and what came of it.
import ArgumentParser
import Datasets
import Downloads
import Formats
import Foundation
import Models
import Output
import WeightImport

/// A file of a release as JSON.
struct FetchFileOutline: Encodable {
  let name: String
  /// Nil if it is not known before the download.
  let bytes: Int?
  /// Such as `md5 …`; nil if the publisher states none.
  let digest: String?
  let addresses: [String]

  init(_ file: RemoteFile, _ addresses: [String]) {
    (name, bytes, digest) = (file.name, file.bytes, file.digest?.description)
    self.addresses = addresses
  }
}

/// One release in the list.
struct FetchListing: Encodable {
  struct Part: Encodable {
    let name: String
    let isUsual: Bool
    let isPresent: Bool
    let files: [FetchFileOutline]
  }

  let id, title, citation, licence, page, note: String
  let kind: Release.Kind
  /// Where it was found; nil if it is not here.
  let folder: String?
  let parts: [Part]
  let size: String

  init(_ release: Release) throws {
    (id, title, citation) = (release.id, release.title, release.citation)
    (licence, page, note, kind) = (release.licence, release.page, release.note, release.kind)
    let found =
      release.kind == .data
      ? try DatasetFolder.found(release.id) : try ExtractorCatalog.folder(for: release.id)
    parts = try release.parts.map { part in
      Part(
        name: part.name, isUsual: part.isUsual,
        isPresent: try found.map { try part.isPresent(in: $0) } ?? false,
        files: part.files.map { FetchFileOutline($0, $0.mirrors) })
    }
    folder = parts.contains(where: \.isPresent) ? found?.relativePath : nil
    size = release.parts.isEmpty ? "-" : ReleasePart.size(release.parts.filter(\.isUsual))
  }

  /// "all in FOLDER", "labels in FOLDER", or "no".
  var state: String {
    guard let folder else { return parts.isEmpty ? "not to be downloaded" : "no" }
    let usual = parts.filter(\.isUsual)
    let names = parts.filter(\.isPresent).map(\.name)
    return usual.allSatisfy(\.isPresent)
      ? folder : "\(names.joined(separator: ", ")) in \(folder)"
  }
}

/// What will be downloaded.
struct FetchOutline: Encodable {
  let id, title, citation, licence, page, note, folder, size: String
  let files: [FetchFileOutline]

  init(_ plan: FetchPlan) {
    let release = plan.release
    (id, title, citation) = (release.id, release.title, release.citation)
    (licence, page, note) = (release.licence, release.page, release.note)
    folder = plan.folder.relativePath
    size = ReleasePart.size(plan.parts)
    files = plan.files.map { FetchFileOutline($0, plan.addresses($0)) }
  }

  var text: String {
    var table = ConsoleTable(["file", "size", "digest", "from"])
    for file in files {
      table.append([
        file.name, file.bytes.map { "\(ByteCount($0))" } ?? "unknown",
        file.digest ?? "unknown: the first download's is recorded", file.addresses[0],
      ])
    }
    let lines = [
      "\(title) (\(citation))", "licence: \(licence)", "source:  \(page)",
      note.isEmpty ? nil : "note:    \(note)", "", table.text.trimmingCharacters(in: .newlines),
      "", "\(size) into \(folder)",
    ]
    return lines.compactMap { $0 }.joined(separator: "\n")
  }
}

/// The check after a download: that of `scant data check`, or the tensors of the weights.
struct FetchCheck {
  struct Result: Encodable {
    struct File: Encodable {
      let name: String
      let bytes: Int
      let digest: String
      let check: FetchedFile.Check
      let address: String?
    }

    struct Weights: Encodable {
      let file: String
      let format: String
      let tensors: Int
      let parameters: Int
    }

    let id: String
    let folder: String
    let files: [File]
    let data: DataReport?
    let weights: [Weights]?
  }

  private let plan: FetchPlan
  private let files: [FetchedFile]

  init(_ plan: FetchPlan, _ files: [FetchedFile]) { (self.plan, self.files) = (plan, files) }

  /// Prints the check. Throws `Problem` for a file that cannot be read, and `ExitCode.failure` if
  /// something is wrong.
  func report(json: Bool) throws {
    let isData = plan.release.kind == .data
    let data =
      isData
      ? try DataCheck.report(plan.release.id, DatasetSettings(root: plan.folder)) : nil
    let weights = isData ? nil : try self.weights()
    let result = Result(
      id: plan.release.id, folder: plan.folder.relativePath, files: files.map(Self.file),
      data: data, weights: weights)
    if json {
      try Console.shared.print(json: result)
    } else {
      for file in files { Console.shared.say(Self.line(file)) }
      if let data { try Console.shared.print(DataReportText(data).text) }
      try Console.shared.print(text(weights ?? []))
    }
    if data?.isWrong == true { throw ExitCode.failure }
  }

  private func weights() throws -> [Result.Weights] {
    try plan.files.compactMap { file in
      guard case .place(let path) = file.use, !path.hasSuffix(".csv") else { return nil }
      let url = plan.folder.appendingPathComponent(path)
      guard try StoredFile.isFile(url) else { return nil }
      let content = try WeightFile(url)
      return Result.Weights(
        file: path, format: content.format.rawValue, tensors: content.tensors.count,
        parameters: content.parameterCount)
    }
  }

  private func text(_ weights: [Result.Weights]) -> String {
    let lines = weights.map {
      "\($0.file): \($0.format), \($0.tensors) tensors, \($0.parameters) numbers"
    }
    return (lines + ["\(plan.release.id) is in \(plan.folder.relativePath)"])
      .joined(separator: "\n")
  }

  private static func file(_ file: FetchedFile) -> Result.File {
    Result.File(
      name: file.name, bytes: file.bytes, digest: file.digest.description, check: file.check,
      address: file.address)
  }

  private static func line(_ file: FetchedFile) -> String {
    let check =
      switch file.check {
      case .published: "as published"
      case .recorded: "as at the first download"
      case .first: "recorded, as its publisher states none"
      }
    return "\(file.name): \(ByteCount(file.bytes)), \(file.digest), \(check)"
  }
}
