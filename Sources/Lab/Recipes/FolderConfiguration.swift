// The folders of data sets and pre-trained weights in `config.yaml`.
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
  /// By the id of a data set, and of a network.
  public private(set) var data: [String: URL] = [:]
  public private(set) var weights: [String: URL] = [:]
  /// `FILE:LINE: what is wrong; what was expected`. Wrong entries are left out; the rest applies.
  public private(set) var problems: [String] = []

  /// Reads the file; nothing is set if it does not exist.
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

/// The folder from which relative paths of the file count.
private struct Place {
  let document: YAMLDocument
  let folder: URL

  /// `{ id: path, … }`, without the entries that are wrong.
  func folders(
    _ node: Node, _ key: String, known: [String], _ problems: inout [String]
  ) throws -> [String: URL] {
    if node.null != nil { return [:] }
    var found: [String: URL] = [:]
    for pair in try document.pairs(node, key, expected: "{ id: folder, … }") {
      do { try found[pair.name] = folder(pair, key, known) } catch { problems.append("\(error)") }
    }
    return found
  }

  private func folder(
    _ pair: YAMLDocument.Pair, _ key: String, _ known: [String]
  ) throws -> URL {
    let path = "\(key).\(pair.name)"
    guard known.contains(pair.name) else {
      throw document.unknown(pair.name, pair.key, below: key, as: "id", among: known)
    }
    let text = try document.scalar(pair.value, path)
    guard !text.isEmpty else {
      throw document.error(pair.value, path, "is empty; expected a folder")
    }
    return url(text)
  }

  /// `~` is the home folder.
  private func url(_ path: String) -> URL {
    let expanded = (path as NSString).expandingTildeInPath
    guard !expanded.hasPrefix("/") else { return URL(fileURLWithPath: expanded) }
    return folder.appendingPathComponent(expanded).standardizedFileURL
  }
}
