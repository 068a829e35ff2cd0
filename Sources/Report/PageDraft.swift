// A page that is being made: its sections in order, and what could not be shown.
import Foundation
import Lab

/// Collects sections and figures. What cannot be read becomes a remark.
struct PageDraft {
  let executor: RunExecutor
  let options: ReportOptions
  private var sections: [ReportPage.Section] = []
  private var figures: [Figure] = []
  private(set) var remarks: [String] = []

  init(_ executor: RunExecutor, _ options: ReportOptions) {
    (self.executor, self.options) = (executor, options)
  }

  mutating func remark(_ line: String) { remarks.append(line) }

  /// Adds a section unless it is empty. `figures`: those that `content` shows.
  mutating func add(
    _ id: String, _ title: String, _ content: [Markup], showing figures: [Figure] = []
  ) {
    guard !content.isEmpty else { return }
    self.figures += figures
    sections.append(ReportPage.Section(id: id, title: title, content: content))
  }

  mutating func add(_ id: String, _ title: String, _ figures: [Figure]) {
    add(id, title, figures.map(\.html), showing: figures)
  }

  /// Adds the labels that runs of a recipe have; `owner`: " of the run b1-s0" or nothing.
  mutating func addLabels(of recipe: Recipe, owner: String = "") {
    do {
      let counts = try executor.labelCounts(recipe)
      let figure = LabelBars(
        id: "label-counts", title: "Labels of \(counts.dataset)",
        caption: "The width of a bar is the number of clips; labels\(owner) as training and "
          + "evaluation see them.", labels: counts
      ).figure
      add("labels", "Labels", [figure].compactMap(\.self))
    } catch {
      remark("Labels: \(error)")
    }
  }

  /// Adds test clips of a finished run. `words`: which run they are of.
  mutating func addClips(of folder: RunFolder, _ words: String) {
    guard options.clips > 0 else { return }
    do {
      let examples = try executor.examples(
        of: folder, count: options.clips, withSound: options.withSound)
      add("clips", "Clips", [.paragraph(words)] + ClipCards(examples: examples).content)
    } catch {
      remark("Clips: \(error)")
    }
  }

  func page(title: String, lede: String) -> ReportPage {
    ReportPage(
      title: title, lede: lede, sections: sections, figures: figures, remarks: remarks,
      maker: options.maker)
  }
}
