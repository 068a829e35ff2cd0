// Catalogues: lists of entries with ids, such as data sets, models and methods.

/// A list of entries in the order of display. A new entry is a line in `all`.
public protocol CatalogProtocol {
  associatedtype Entry
  /// The noun for an entry in errors, such as "data set".
  static var kind: String { get }
  static var all: [Entry] { get }
  static func id(of entry: Entry) -> String
}

extension CatalogProtocol {
  public static var ids: [String] { all.map { id(of: $0) } }

  /// The entry with this id; nil if there is none.
  public static func find(_ id: String) -> Entry? { all.first { self.id(of: $0) == id } }

  /// The entry with this id. Throws `Problem` if there is none.
  public static func entry(_ id: String) throws(Problem) -> Entry {
    guard let entry = find(id) else { throw Problem(id, unknown) }
    return entry
  }

  /// The error for an unknown id: "no such data set; expected one of band, …".
  public static var unknown: String { "no such \(kind); expected one of \(list)" }

  /// The ids, separated by commas.
  public static var list: String { ids.joined(separator: ", ") }
}
