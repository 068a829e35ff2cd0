import Canvas
import Foundation

/// Golden pictures: a grid as a plane of text and a plane of styles, one letter a cell, so that a
/// change of style shows in a diff as well.
public enum Screen {
  /// Where the golden files are, by name: `Tests/Golden/NAME.txt`.
  public static let folder = SharedData.packageRoot.appendingPathComponent("Tests/Golden")

  /// Nil when the grid looks like its golden file, else what differs. With
  /// `SCANT_UPDATE_GOLDEN=1`, and never in CI, the file is written instead.
  public static func mismatch(_ grid: Grid, golden name: String) -> String? {
    let file = folder.appendingPathComponent(name + ".txt")
    let seen = describe(grid)
    let environment = ProcessInfo.processInfo.environment
    if environment["SCANT_UPDATE_GOLDEN"] == "1", environment["CI"] == nil {
      return write(seen, to: file)
    }
    guard let wanted = try? String(contentsOf: file, encoding: .utf8) else {
      return "no golden file \(name).txt; SCANT_UPDATE_GOLDEN=1 writes it. Seen:\n\(seen)"
    }
    return wanted == seen ? nil : difference(wanted, seen, name)
  }

  /// Size, text, styles and legend.
  public static func describe(_ grid: Grid) -> String {
    var legend = Legend()
    let styles = (0..<grid.height).map { y in
      String((0..<grid.width).map { legend.letter(grid[$0, y]) })
    }
    return (["\(grid.width)x\(grid.height)"] + text(grid) + [""] + styles + [""] + legend.lines)
      .joined(separator: "\n") + "\n"
  }

  /// The text alone, a line a row, without trailing spaces.
  public static func text(_ grid: Grid) -> [String] {
    (0..<grid.height).map { y in
      var line = ""
      for x in 0..<grid.width where grid[x, y].width > 0 { line.append(grid[x, y].glyph) }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }

  private static func write(_ text: String, to file: URL) -> String? {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
      return nil
    } catch {
      return "\(file.path): cannot be written: \(error)"
    }
  }

  private static func difference(_ wanted: String, _ seen: String, _ name: String) -> String {
    let old = wanted.split(separator: "\n", omittingEmptySubsequences: false)
    let new = seen.split(separator: "\n", omittingEmptySubsequences: false)
    var lines = ["\(name).txt differs"]
    for i in 0..<max(old.count, new.count) {
      let (a, b) = (i < old.count ? old[i] : "(nothing)", i < new.count ? new[i] : "(nothing)")
      if a != b { lines += ["line \(i + 1)", "- \(a)", "+ \(b)"] }
    }
    return lines.joined(separator: "\n")
  }

  /// Letters for styles in the order of their first cell; a dot for the plain one.
  private struct Legend {
    private var letters: [Look: Character] = [Look(Cell()): "."]
    private(set) var lines: [String] = []

    private struct Look: Hashable {
      let ink, paper: Ink

      init(_ cell: Cell) { (ink, paper) = (cell.ink, cell.paper) }
    }

    mutating func letter(_ cell: Cell) -> Character {
      let look = Look(cell)
      if let letter = letters[look] { return letter }
      let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
      let n = letters.count - 1
      let extra = Unicode.Scalar(UInt32(0xC0 + n)).map { Character($0) } ?? "?"
      let letter = n < alphabet.count ? alphabet[n] : extra
      letters[look] = letter
      lines.append("\(letter) \(Screen.name(cell.ink)) on \(Screen.name(cell.paper))")
      return letter
    }
  }

  private static func name(_ ink: Ink) -> String {
    switch ink {
    case .plain: "plain"
    case .role(let role): "\(role)"
    case .ramp(let ramp, let level): "\(ramp) \(level)"
    case .blend(let first, let second, let share):
      "\(share)/64 of \(name(second)) in \(name(first))"
    }
  }

  private static func name(_ tint: Tint) -> String {
    switch tint {
    case .role(let role): "\(role)"
    case .ramp(let ramp, let level): "\(ramp) \(level)"
    }
  }
}
