/// How a terminal draws pixels.
public enum ImageProtocol: Sendable, Hashable {
  /// kitty's graphics protocol: pictures lie under the text.
  case kitty
  /// Sixels: pictures take the place of cells.
  case sixel
}

/// A picture in place of blank cells, for terminals that draw pixels: levels of a ramp.
public struct GridPicture: Sendable, Hashable {
  /// The cells that it covers.
  public let rect: Rect
  /// In pixels.
  public let width, height: Int
  /// [height, width], from the top, 0…63.
  public let levels: [UInt8]
  public let ramp: ColorRamp

  /// Levels that are missing at the end are 0.
  public init(rect: Rect, width: Int, height: Int, levels: [UInt8], ramp: ColorRamp) {
    self.rect = rect
    self.width = max(1, width)
    self.height = max(1, height)
    let count = self.width * self.height
    self.levels =
      Array(levels.prefix(count)) + Array(repeating: 0, count: max(0, count - levels.count))
    self.ramp = ramp
  }
}

extension Grid {
  /// Whether nothing was drawn over a picture but the line of a play head, as a dialog would be.
  public var hasWholePictures: Bool {
    pictures.allSatisfy { picture in
      let rect = picture.rect
      return (rect.y..<rect.bottom).allSatisfy { y in
        (rect.x..<rect.right).allSatisfy { x in
          self[x, y] == Cell() || self[x, y] == Cell.playHead(glyphs)
        }
      }
    }
  }
}

extension Cell {
  /// A part of the line that marks a column of a map.
  static func playHead(_ glyphs: GlyphSet) -> Cell {
    Cell(glyphs.pick("│", "|"), ink: .role(.title))
  }
}
