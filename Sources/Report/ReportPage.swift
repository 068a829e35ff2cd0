// A report: a title, facts, and sections of text, tables and figures on one page.
import Formats
import Foundation

/// One self-contained page. It needs no network and no script.
public struct ReportPage: Sendable, Equatable {
  struct Section: Sendable, Equatable {
    /// Of letters and hyphens; unique in a report.
    let id: String
    let title: String
    let content: [Markup]
  }

  /// What every report says of itself.
  public struct Maker: Sendable, Equatable {
    /// "0.2.0"
    public var build: String
    /// "2026-12-01"
    public var date: String

    public init(build: String, date: String) { (self.build, self.date) = (build, date) }
  }

  public let title: String
  /// What was compared, in a sentence.
  let lede: String
  let sections: [Section]
  /// In the order of the page.
  public let figures: [Figure]
  /// What could not be shown and why, a line each.
  public let remarks: [String]
  let maker: Maker

  /// The HTML file.
  public var html: String {
    let head = Markup.tag(
      "head", [:],
      [
        .leaf("meta", ["charset": "utf-8"]),
        .leaf("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .leaf("meta", ["name": "generator", "content": "scant \(maker.build)"]),
        .tag("title", title), Stylesheet.page,
      ])
    let body = Markup.tag(
      "body", [:], [header, .tag("main", [:], sections.map(markup) + notes), footer])
    return "<!doctype html>\n" + Markup.tag("html", ["lang": "en"], [head, body]).html + "\n"
  }

  private var header: Markup {
    let links = sections.map { section in
      Markup.tag("li", [.tag("a", ["href": "#\(section.id)"], section.title)])
    }
    return .tag(
      "header", [:],
      [
        .tag("h1", title), .tag("p", ["class": "lede"], lede),
        .tag("nav", ["aria-label": "Sections"], [.tag("ul", [:], links)]),
      ])
  }

  private func markup(_ section: Section) -> Markup {
    .tag(
      "section", ["id": section.id, "aria-labelledby": "\(section.id)-head"],
      [.tag("h2", ["id": "\(section.id)-head"], section.title)] + section.content)
  }

  private var notes: [Markup] {
    guard !remarks.isEmpty else { return [] }
    let list = Markup.tag("ul", [:], remarks.map { .tag("li", $0) })
    return [markup(Section(id: "not-shown", title: "Not shown", content: [list]))]
  }

  private var footer: Markup {
    .tag("footer", ["class": "soft"], [.tag("p", "Made by scant \(maker.build) on \(maker.date).")])
  }
}

extension Markup {
  static func tag(_ name: String, _ children: [Markup]) -> Markup { tag(name, [:], children) }

  static func paragraph(_ text: String) -> Markup { tag("p", text) }

  static func list(_ lines: [String]) -> [Markup] {
    lines.isEmpty ? [] : [.tag("ul", [:], lines.map { .tag("li", $0) })]
  }

  /// A table that scrolls sideways in a narrow window.
  ///
  /// - Parameters:
  ///   - numbers: Columns that are set flush right.
  ///   - strong: The row in bold type.
  static func table(
    _ head: [String], _ rows: [[String]], numbers: Set<Int>, strong: Int? = nil,
    caption: String = ""
  ) -> Markup {
    func cells(_ texts: [String], isHead: Bool) -> [Markup] {
      texts.enumerated().map { column, text in
        let style = numbers.contains(column) ? "number" : nil
        guard isHead || column == 0 else { return .tag("td", ["class": style], text) }
        return .tag("th", ["scope": isHead ? "col" : "row", "class": style], text)
      }
    }
    let body = rows.enumerated().map { index, row in
      Markup.tag("tr", ["class": index == strong ? "best" : nil], cells(row, isHead: false))
    }
    let table = Markup.tag(
      "table", [:],
      (caption.isEmpty ? [] : [.tag("caption", caption)]) + [
        .tag("thead", [.tag("tr", cells(head, isHead: true))]), .tag("tbody", body),
      ])
    return .tag(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table"], [table])
  }

  /// Long text that opens when asked for.
  static func folded(_ title: String, _ text: String) -> Markup {
    .tag("details", [.tag("summary", title), .tag("pre", text)])
  }
}
