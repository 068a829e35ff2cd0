import Canvas

/// Something a person can do: one row of the table behind keys, footer, help and key scripts.
public struct Action: Sendable, Identifiable {
  /// The name used in key scripts and in a person's own keys.
  public struct ID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    package init(_ name: String) { rawValue = name }

    /// The action of this name in `ScreenCatalog.standard`.
    public init?(rawValue: String) {
      guard ScreenCatalog.standard.action(ID(rawValue)) != nil else { return nil }
      self.rawValue = rawValue
    }

    public var description: String { rawValue }
  }

  /// Keys and the screens on which they mean this action.
  public struct Binding: Sendable {
    public let keys: [Key]
    public let screens: Set<Screen>
  }

  public let id: ID
  /// What its key means on every screen, if other actions share that key.
  public let idea: KeyIdea?
  /// One or two words, for the footer.
  public let title: String
  /// One line, for the help overlay.
  public let help: String
  public private(set) var bindings: [Binding]
  private(set) var perform: @Sendable (inout Workbench) -> [Effect]
  /// Of bindings that are made when the table is.
  private let keys: [Key]

  /// `screens`: those it is for, if not the one that adds it, or all of them for a row of the
  /// shell.
  package init(
    _ id: ID, _ title: String, _ help: String, _ keys: [Key], on screens: [Screen] = [],
    as idea: KeyIdea? = nil,
    _ perform: @escaping @Sendable (inout Workbench) -> [Effect]
  ) {
    self.id = id
    self.idea = idea
    self.title = title
    self.help = help
    self.keys = keys
    bindings = screens.isEmpty ? [] : [Binding(keys: keys, screens: Set(screens))]
    self.perform = perform
  }

  /// With these screens, unless it names its own; on some of them with other keys or none.
  func bound(to screens: [Screen], except own: [(screen: Screen, keys: [Key])] = []) -> Action {
    guard bindings.isEmpty else { return self }
    var action = self
    let rest = Set(screens).subtracting(own.map(\.screen))
    action.bindings =
      [Binding(keys: keys, screens: rest)]
      + own.filter { !$0.keys.isEmpty }.map { Binding(keys: $0.keys, screens: [$0.screen]) }
    return action
  }

  /// Says `text` in place of what it does while `isRefused`.
  func unless(_ isRefused: @escaping @Sendable (Workbench) -> Bool, _ text: String) -> Action {
    var action = self
    action.perform = { [perform] bench in
      isRefused(bench) ? bench.said(text) : perform(&bench)
    }
    return action
  }

  /// Where the action means something.
  public var screens: Set<Screen> { bindings.reduce(into: []) { $0.formUnion($1.screens) } }

  /// The keys that mean this action on a screen, the one to print first.
  public func keys(on screen: Screen) -> [Key] {
    bindings.filter { $0.screens.contains(screen) }.flatMap(\.keys)
  }

  /// All actions of the program. A key that is not here does nothing; a key that is here is
  /// documented.
  public static var all: [Action] { ScreenCatalog.standard.actions }

  public static func named(_ id: ID) -> Action? { ScreenCatalog.standard.action(id) }
}

extension [Key] {
  /// The keys of these characters.
  package static func of(_ characters: String) -> [Key] { characters.map { Key.character($0) } }
}
