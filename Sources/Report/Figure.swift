// A figure of a report: an SVG picture with the words that stand for it where it cannot be seen.
import Foundation

/// A picture with its caption.
public struct Figure: Sendable, Equatable {
  /// Of letters, digits and hyphens; unique in a report.
  public let id: String
  /// What it shows, as a heading.
  public let title: String
  /// What a reader sees in it, in words: the text alternative.
  public let description: String
  /// How to read it.
  public let caption: String
  let width: Double
  let height: Double
  let content: [Markup]

  /// `<svg>` for an HTML page, whose style sheet it needs.
  var svg: Markup { picture(namespace: nil) }

  /// `<figure>` with the caption below.
  var html: Markup {
    .tag(
      "figure", ["id": id],
      [svg, .tag("figcaption", [.tag("strong", title + "."), .text(" \(caption)")])])
  }

  /// A file of its own, with its style sheet.
  public var file: String {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let picture = picture(namespace: "http://www.w3.org/2000/svg", [Stylesheet.figure])
    return head + picture.html + "\n"
  }

  private func picture(namespace: String?, _ style: [Markup] = []) -> Markup {
    let (w, h) = (width.pixel, height.pixel)
    return .tag(
      "svg",
      [
        "xmlns": namespace, "viewBox": "0 0 \(w) \(h)", "width": w, "height": h,
        "role": "img", "aria-labelledby": "\(id)-title \(id)-text",
      ],
      style + [
        .tag("title", ["id": "\(id)-title"], title),
        .tag("desc", ["id": "\(id)-text"], description),
      ] + content)
  }
}

/// Shapes that several plots draw.
enum Shape {
  static func text(
    _ text: String, x: Double, y: Double, _ anchor: String = "start", _ style: String = "label"
  ) -> Markup {
    .tag("text", ["x": x.pixel, "y": y.pixel, "text-anchor": anchor, "class": style], text)
  }

  static func line(
    _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), _ style: String
  ) -> Markup {
    .leaf(
      "line",
      ["x1": a.x.pixel, "y1": a.y.pixel, "x2": b.x.pixel, "y2": b.y.pixel, "class": style])
  }

  static func box(
    x: Double, y: Double, width: Double, height: Double, _ style: String
  ) -> Markup {
    .leaf(
      "rect",
      [
        "x": x.pixel, "y": y.pixel, "width": max(0, width).pixel, "height": max(0, height).pixel,
        "class": style,
      ])
  }

  /// The mark of series number `index`: colour and form differ, so that neither alone is needed.
  static func mark(_ index: Int, x: Double, y: Double, radius r: Double = 4) -> Markup {
    let points: [(Double, Double)] =
      switch index % 4 {
      case 1: [(-r, -r), (r, -r), (r, r), (-r, r)]
      case 2: [(0, -r * 1.3), (r * 1.2, r * 0.9), (-r * 1.2, r * 0.9)]
      case 3: [(0, -r * 1.4), (r * 1.4, 0), (0, r * 1.4), (-r * 1.4, 0)]
      default: []
      }
    let style = "fill\(index % Stylesheet.colors)"
    guard !points.isEmpty else {
      return .leaf("circle", ["cx": x.pixel, "cy": y.pixel, "r": r.pixel, "class": style])
    }
    let list = points.map { "\((x + $0.0).pixel),\((y + $0.1).pixel)" }.joined(separator: " ")
    return .leaf("polygon", ["points": list, "class": style])
  }

  /// The width that a text needs at most, in pixels, at the size of labels.
  static func width(_ text: String) -> Double { 6.6 * Double(text.count) }
}
