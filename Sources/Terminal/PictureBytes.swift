// Pictures as the bytes that terminals with pixels understand.
import Canvas
import Foundation

/// kitty's graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol).
package enum KittyPicture {
  /// Asks for a picture of one pixel without showing it; a terminal that knows the protocol answers
  /// `ESC _ G i=31;OK ESC \`.
  static let question = "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"

  /// Bytes of text in one escape sequence.
  private static let chunk = 4096

  /// Shows a picture under the text of its cells; the terminal scales it. The cursor stays.
  package static func show(_ picture: GridPicture, id: Int, _ palette: Palette) -> [UInt8] {
    let colors = palette.colors(of: picture.ramp)
    let isOpaque = !colors.contains(nil)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(picture.levels.count * 4)
    for level in picture.levels {
      let color = colors[Int(min(ColorRamp.top, level))]
      let (red, green, blue) = color.map { ($0.red, $0.green, $0.blue) } ?? (0, 0, 0)
      pixels += isOpaque ? [red, green, blue] : [red, green, blue, color == nil ? 0 : 255]
    }
    let text = Array(Data(pixels).base64EncodedString().utf8)
    let place = picture.rect
    let head =
      "a=T,f=\(isOpaque ? 24 : 32),s=\(picture.width),v=\(picture.height),i=\(id),"
      + "c=\(place.width),r=\(place.height),z=-1,C=1,q=2,"
    var bytes = Array("\u{1B}7\u{1B}[\(place.y + 1);\(place.x + 1)H".utf8)
    for start in stride(from: 0, to: text.count, by: chunk) {
      let end = min(text.count, start + chunk)
      let keys = (start == 0 ? head : "") + "m=\(end < text.count ? 1 : 0)"
      bytes += Array("\u{1B}_G\(keys);".utf8) + text[start..<end] + Array("\u{1B}\\".utf8)
    }
    return bytes + Array("\u{1B}8".utf8)
  }

  /// Takes a picture away and frees it.
  package static func remove(id: Int) -> [UInt8] {
    Array("\u{1B}_Ga=d,d=I,i=\(id),q=2\u{1B}\\".utf8)
  }
}

/// Sixels, as the VT340 had them: rows of six pixels, one color after the other.
package enum SixelPicture {
  /// `cell`: the size of a cell in pixels. The picture is scaled to its cells, and never reaches
  /// below them. The cursor stays.
  package static func show(
    _ picture: GridPicture, cell: (width: Int, height: Int), _ palette: Palette
  ) -> [UInt8] {
    let place = picture.rect
    let width = place.width * cell.width, height = place.height * cell.height / 6 * 6
    let colors = palette.colors(of: picture.ramp)
    var text = "\u{1B}7\u{1B}[\(place.y + 1);\(place.x + 1)H\u{1B}P0;1;0q\"1;1;\(width);\(height)"
    for level in Set(picture.levels).sorted() {
      guard let color = colors[Int(min(ColorRamp.top, level))] else { continue }
      let parts = [color.red, color.green, color.blue].map { "\((Int($0) * 100 + 127) / 255)" }
      text += "#\(level);2;\(parts.joined(separator: ";"))"
    }
    var bytes = Array(text.utf8)
    let columns = (0..<width).map { $0 * picture.width / max(1, width) }
    for top in stride(from: 0, to: height, by: 6) {
      let rows = (0..<6).map { (top + $0) * picture.height / max(1, height) }
      bytes += band(picture, rows, columns, colors) + [0x2D]
    }
    return bytes + Array("\u{1B}\\\u{1B}8".utf8)
  }

  /// Six rows of pixels: for each of their colors the columns that have it, then back to the left.
  private static func band(
    _ picture: GridPicture, _ rows: [Int], _ columns: [Int], _ colors: [RGB?]
  ) -> [UInt8] {
    // A column of pixels of the picture, as a bit for each row, by level.
    var masks: [Int: [UInt8]] = [:]
    for (bit, row) in rows.enumerated() {
      for x in 0..<picture.width {
        let level = Int(min(ColorRamp.top, picture.levels[row * picture.width + x]))
        guard colors[level] != nil else { continue }
        masks[level, default: [UInt8](repeating: 0, count: picture.width)][x] |= 1 << UInt8(bit)
      }
    }
    var bytes: [UInt8] = []
    for (level, mask) in masks.sorted(by: { $0.key < $1.key }) {
      if !bytes.isEmpty { bytes.append(0x24) }
      bytes += Array("#\(level)".utf8)
      var start = 0
      while start < columns.count {
        let bits = mask[columns[start]]
        var end = start + 1
        while end < columns.count, mask[columns[end]] == bits { end += 1 }
        if bits != 0 || end < columns.count { bytes += run(bits + 0x3F, end - start) }
        start = end
      }
    }
    return bytes
  }

  private static func run(_ sixel: UInt8, _ count: Int) -> [UInt8] {
    count < 4 ? Array(repeating: sixel, count: count) : Array("!\(count)".utf8) + [sixel]
  }
}

/// The pictures that a terminal shows, and what it must be sent when they change.
struct PicturePainter {
  let kind: ImageProtocol?
  private var shown: [GridPicture] = []

  init(_ kind: ImageProtocol?) { self.kind = kind }

  /// Cells whose pixels must be written over before other pictures come: those of sixels that are
  /// gone.
  func stale(beside pictures: [GridPicture]) -> [Rect] {
    kind == .sixel ? shown.filter { !pictures.contains($0) }.map(\.rect) : []
  }

  /// What takes gone pictures away and shows new ones; empty while nothing changes. `isFresh`: the
  /// screen was cleared, and all pictures with it.
  mutating func update(
    to pictures: [GridPicture], _ palette: Palette, isFresh: Bool, cell: (width: Int, height: Int)
  ) -> [UInt8] {
    guard let kind, isFresh || shown != pictures else { return [] }
    var bytes: [UInt8] = []
    for (place, picture) in pictures.enumerated()
    where isFresh || kind == .sixel || shown[at: place] != picture {
      bytes +=
        kind == .kitty
        ? KittyPicture.remove(id: Self.id(place))
          + KittyPicture.show(picture, id: Self.id(place), palette)
        : SixelPicture.show(picture, cell: cell, palette)
    }
    if kind == .kitty, shown.count > pictures.count {
      bytes += (pictures.count..<shown.count).flatMap { KittyPicture.remove(id: Self.id($0)) }
    }
    shown = pictures
    return bytes
  }

  /// What takes all of them away.
  mutating func clear() -> [UInt8] {
    let bytes =
      kind == .kitty ? shown.indices.flatMap { KittyPicture.remove(id: Self.id($0)) } : []
    shown = []
    return bytes
  }

  /// Numbers of pictures are the program's own; other programs of the terminal have others.
  private static func id(_ place: Int) -> Int { 7_268 + place }
}

extension [GridPicture] {
  fileprivate subscript(at place: Int) -> GridPicture? {
    indices.contains(place) ? self[place] : nil
  }
}
