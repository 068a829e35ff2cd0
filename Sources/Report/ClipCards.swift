// Clips with their spectrograms, labels and predictions.
import Foundation
import Lab

struct ClipCards {
  let examples: ClipExamples

  /// Classes of a card beside those that are labelled present.
  private static let mostClasses = 4

  var content: [Markup] {
    [.tag("div", ["class": "clips"], examples.clips.map(card))]
  }

  private func card(_ clip: ClipExample) -> Markup {
    let heard = examples.classes.indices.filter { clip.labels[$0].isPositive }
    let words = heard.map { examples.classes[$0] }.joined(separator: ", ")
    let alternative =
      "Spectrogram of \(clip.clip), \(clip.seconds.fixed(1)) seconds; labelled present: "
      + (words.isEmpty ? "none" : words)
    let picture = SpectrogramImage.url(clip.spectrogram, bands: clip.bands).map {
      Markup.leaf("img", ["src": $0, "alt": alternative])
    }
    let sound = clip.sound.map { data in
      Markup.tag(
        "audio",
        [
          "controls": "controls", "preload": "none", "aria-label": "Sound of \(clip.clip)",
          "src": "data:audio/wav;base64,\(data.base64EncodedString())",
        ], "")
    }
    return .tag(
      "article", ["class": "clip"],
      [.tag("h3", clip.clip)] + [picture, sound].compactMap(\.self) + [table(clip, heard)])
  }

  private func table(_ clip: ClipExample, _ heard: [Int]) -> Markup {
    let ranked = examples.classes.indices.sorted {
      (clip.probabilities[$1], $0) < (clip.probabilities[$0], $1)
    }
    let others = ranked.filter { !heard.contains($0) }.prefix(Self.mostClasses)
    let shown = ranked.filter { heard.contains($0) || others.contains($0) }
    let rows = shown.map { k -> Markup in
      let label =
        clip.labels[k].isPositive ? "present" : clip.labels[k].isNegative ? "absent" : "missing"
      return .tag(
        "tr",
        [
          .tag("th", ["scope": "row"], examples.classes[k]), .tag("td", label),
          .tag("td", [bar(Double(clip.probabilities[k]), label)]),
          .tag("td", ["class": "number"], Double(clip.probabilities[k]).fixed(2)),
        ])
    }
    let head = ["class", "label", "probability", ""].enumerated().map { column, text in
      Markup.tag(column == 3 ? "td" : "th", ["scope": column == 3 ? nil : "col"], text)
    }
    return .tag("table", [.tag("thead", [.tag("tr", head)]), .tag("tbody", rows)])
  }

  private func bar(_ probability: Double, _ label: String) -> Markup {
    let style = label == "present" ? "positive" : label == "absent" ? "negative" : "fill7"
    return .tag(
      "svg", ["viewBox": "0 0 70 10", "width": "56", "height": "8", "aria-hidden": "true"],
      [
        Shape.box(x: 0, y: 1, width: 70, height: 8, "missing"),
        Shape.box(x: 0, y: 1, width: 70 * min(max(probability, 0), 1), height: 8, style),
      ])
  }
}
