// Where the numbers of a run come from.
import Formats
import Foundation
import PlainYAML

/// What a run's files say of its making; nil where they do not, as in logs of earlier builds.
public struct RunProvenance: Codable, Sendable, Equatable {
  /// The version of the program.
  public var build: String?
  public var threads: Int?
  /// Of the labels and sounds.
  public var dataDigest: String?
}

extension RunFolder {
  /// - Throws: One line if the log or the recipe cannot be read.
  public func provenance() throws -> RunProvenance {
    let started = try started()
    guard try StoredFile.exists(recipe) else {
      return RunProvenance(build: started?.build, threads: started?.threads, dataDigest: nil)
    }
    let text = try YAMLDocument.text(of: recipe, expecting: "the recipe of a run")
    let document = try YAMLDocument(text, file: recipe.path)
    let nodes = try document.topLevel(known: Recipe.topLevelKeys)
    let digest = try nodes.first { $0.key == "dataDigest" }.map {
      try document.scalar($0.value, "dataDigest")
    }
    return RunProvenance(build: started?.build, threads: started?.threads, dataDigest: digest)
  }
}
