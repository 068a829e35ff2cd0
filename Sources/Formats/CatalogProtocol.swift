// Lists of what can be chosen by id: data sets, models, methods, extractors, workloads.

/// Entries in the order in which they are shown. A new one is a line in `all`.
public protocol CatalogProtocol {
  associatedtype Entry
  /// What an entry is, in errors: "data set".
  static var kind: String { get }
  static var all: [Entry] { get }
  static func id(of entry: Entry) -> String
}

extension CatalogProtocol {
  public static var ids: [String] { all.map { id(of: $0) } }

  /// The entry with this id; nil where there is none.
  public static func find(_ id: String) -> Entry? { all.first { self.id(of: $0) == id } }

  /// The entry with this id. Throws `Problem` where there is none.
  public static func entry(_ id: String) throws(Problem) -> Entry {
    guard let entry = find(id) else { throw Problem(id, unknown) }
    return entry
  }

  /// What is wrong with an id that no entry has: "no such data set; expected one of band, …".
  public static var unknown: String { "no such \(kind); expected one of \(list)" }

  /// The ids, separated by commas.
  public static var list: String { ids.joined(separator: ", ") }
}
