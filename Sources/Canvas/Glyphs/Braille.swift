/// Braille patterns (U+2800…U+28FF): eight dots in a cell, two columns of four.
enum Braille {
  /// The bit of the dot in column 0…1, row 0…3 from the top.
  static func bit(_ column: Int, _ row: Int) -> UInt8 {
    switch (column, row) {
    case (0, 3): 0x40
    case (1, 3): 0x80
    case (0, _): 1 << UInt8(row)
    default: 8 << UInt8(row)
    }
  }

  static func glyph(_ mask: UInt8) -> Character { glyphs[Int(mask)] }

  private static let glyphs: [Character] = (0...255).map { mask in
    Unicode.Scalar(0x2800 + UInt32(mask)).map(Character.init) ?? " "
  }
}
