// How much is labelled: a bar a class and split, present, absent and missing.
import Foundation
import Lab

/// Draws a column of stacked bars a split.
package struct LabelBars {
  let id, title, caption: String
  let labels: LabelCounts

  package init(id: String, title: String, caption: String, labels: LabelCounts) {
    (self.id, self.title, self.caption, self.labels) = (id, title, caption, labels)
  }

  private static let width = 720.0, step = 20.0, gap = 22.0, top = 54.0

  /// nil without a class or a clip.
  package var figure: Figure? {
    let splits = labels.splits.filter { $0.clips > 0 }
    guard !labels.classes.isEmpty, !splits.isEmpty else { return nil }
    let left = min((labels.classes.map(Shape.width).max() ?? 0) + 12, 220)
    let column =
      (Self.width - left - Self.gap * Double(splits.count - 1)) / Double(splits.count)
    let names = labels.classes.enumerated().map { index, name in
      Shape.text(name, x: 2, y: Self.top + Self.step * Double(index) + 13)
    }
    let bars = splits.enumerated().flatMap { index, split in
      self.column(split, x: left + (column + Self.gap) * Double(index), width: column)
    }
    return Figure(
      id: id, title: title, description: description(splits), caption: caption,
      width: Self.width, height: Self.top + Self.step * Double(labels.classes.count) + 8,
      content: legend(left) + names + bars)
  }

  private func description(_ splits: [LabelCounts.Split]) -> String {
    splits.map { split in
      let observed = split.classes.reduce(0) { $0 + $1.present + $1.absent }
      let all = split.clips * split.classes.count
      return "\(split.name): \(split.clips) clips, \(Self.percent(observed, all)) of the labels "
        + "observed, \(split.classes.reduce(0) { $0 + $1.present }) present"
    }.joined(separator: "; ") + "."
  }

  private func legend(_ left: Double) -> [Markup] {
    let words = [
      ("positive", "observed present"), ("negative", "observed absent"), ("missing", "missing"),
    ]
    return words.enumerated().flatMap { index, entry in
      let x = left + 150 * Double(index)
      return [
        Shape.box(x: x, y: 3, width: 12, height: 12, entry.0),
        Shape.text(entry.1, x: x + 18, y: 13),
      ]
    }
  }

  private func column(_ split: LabelCounts.Split, x: Double, width: Double) -> [Markup] {
    let head = Shape.text(
      "\(split.name), \(split.clips) clips", x: x, y: Self.top - 12, "start", "strong")
    let bars = split.classes.enumerated().flatMap { index, counts -> [Markup] in
      let y = Self.top + Self.step * Double(index) + 3
      let scale = width / Double(max(1, split.clips))
      let present = scale * Double(counts.present), absent = scale * Double(counts.absent)
      return [
        Shape.box(x: x, y: y, width: width, height: 13, "missing"),
        Shape.box(x: x, y: y, width: present, height: 13, "positive"),
        Shape.box(x: x + present, y: y, width: absent, height: 13, "negative"),
      ]
    }
    return [head] + bars
  }

  static func percent(_ part: Int, _ all: Int) -> String {
    all == 0 ? "0 %" : "\((100 * Double(part) / Double(all)).fixed(part * 10 < all ? 1 : 0)) %"
  }
}
