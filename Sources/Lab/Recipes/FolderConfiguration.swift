// What `config.yaml` says of folders: where data sets and pre-trained weights lie.
import Datasets
import Formats
import Foundation
import Models
import Yams

/// `$XDG_CONFIG_HOME/scant/config.yaml`, its keys `data:` and `weights:`; the screens read others.
///
/// ```yaml
/// data: { esc50: ~/sounds/ESC-50, openmic2018: /data/openmic-2018 }
/// weights: { musicnn: networks/musicnn }   # relative to the folder of this file
/// ```
public struct FolderConfiguration: Sendable, Equatable {
  /// By id of a data set, and of a network.
  public private(set) var data: [String: URL] = [:]
  public private(set) var weights: [String: URL] = [:]
  /// `FILE:LINE: what is wrong; what was expected`; what is wrong is left out, the rest counts.
  public private(set) var problems: [String] = []

  /// Reads the file; nothing is set where there is none.
  public init(_ url: URL) {
    do {
      guard try StoredFile.exists(url) else { return }
      let document = try YAMLDocument(contentsOf: url)
      let place = Place(document: document, folder: url.deletingLastPathComponent())
      for (key, value) in document.root {
        switch key.string {
        case "data": data = try place.folders(value, "data", known: Self.datasets, &problems)
        case "weights":
          weights = try place.folders(value, "weights", known: Self.networks, &problems)
        default: break
        }
      }
    } catch { problems.append("\(error)") }
  }

  /// From here on data sets and weights are looked for in these folders, unless a command or the
  /// environment names others.
  public func apply() { ConfiguredFolders.use(data: data, weights: weights) }

  /// Those with a folder of their own.
  private static var datasets: [String] {
    DatasetCatalog.cards.filter { !$0.isBuiltIn && $0.source == nil }.map(\.id)
  }

  private static var networks: [String] {
    let ids = ExtractorCatalog.ids
    return ids + PublishedTransformer.ids.filter { !ids.contains($0) }
  }
}

/// Where a path of the file is counted from.
private struct Place {
  let document: YAMLDocument
  let folder: URL

  /// `{ id: path, … }`, without the entries that are wrong.
  func folders(
    _ node: Node, _ key: String, known: [String], _ problems: inout [String]
  ) throws -> [String: URL] {
    if node.null != nil { return [:] }
    guard let mapping = node.mapping else {
      throw document.error(node, key, "is no mapping; expected { id: folder, … }")
    }
    var found: [String: URL] = [:]
    for (name, value) in mapping {
      do { try found[name.string ?? ""] = folder(name, value, key, known) } catch {
        problems.append("\(error)")
      }
    }
    return found
  }

  private func folder(
    _ name: Node, _ value: Node, _ key: String, _ known: [String]
  ) throws -> URL {
    let id = name.string ?? ""
    let path = "\(key).\(id)"
    guard known.contains(id) else {
      throw document.error(name, path, RecipeError.unknown("id", id, among: known))
    }
    let text = try document.scalar(value, path)
    guard !text.isEmpty else { throw document.error(value, path, "is empty; expected a folder") }
    return url(text)
  }

  /// `~` is the home folder.
  private func url(_ path: String) -> URL {
    let expanded = (path as NSString).expandingTildeInPath
    guard !expanded.hasPrefix("/") else { return URL(fileURLWithPath: expanded) }
    return folder.appendingPathComponent(expanded).standardizedFileURL
  }
}
