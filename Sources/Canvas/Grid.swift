/// A picture in character cells. Writing outside is clipped, so any widget may draw at any size.
public struct Grid: Sendable, Hashable {
  public let width, height: Int
  public private(set) var cells: [Cell]

  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: Cell(), count: self.width * self.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  public subscript(x: Int, y: Int) -> Cell {
    get { x >= 0 && y >= 0 && x < width && y < height ? cells[y * width + x] : Cell() }
    set {
      guard x >= 0 && y >= 0 && x < width && y < height else { return }
      cells[y * width + x] = newValue
    }
  }
}
