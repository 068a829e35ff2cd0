// Papers as the cards name them, and what BibTeX needs of them.
import Formats
import Foundation

/// One paper of a card: "Gururani & Lerch 2021, arXiv:2111.12761".
package struct Citation: Sendable, Equatable {
  package let authors: [String]
  /// Whether the card says "et al.".
  package let hasMore: Bool
  package let year: Int
  /// What follows the year: an identifier or the place of publication; may be empty.
  package let source: String

  /// The papers of a card, which separates them by semicolons. What is no paper is left out.
  package static func all(in paper: String) -> [Citation] {
    paper.split(separator: ";").compactMap { Citation(String($0)) }
  }

  /// Nil where the text has no authors and year.
  package init?(_ text: String) {
    let pattern = /^\s*(?:[a-z]+: )?(?<authors>\S.*?) (?<year>(?:19|20)\d\d)\b[ ,]*(?<rest>.*)$/
    guard let match = text.firstMatch(of: pattern), let year = Int(match.year) else { return nil }
    var names = String(match.authors)
    hasMore = names.hasSuffix(" et al.")
    if hasMore { names.removeLast(" et al.".count) }
    authors = names.split(separator: #/(?:, | & | and )/#).map(String.init)
    self.year = year
    source = match.rest.trimmingCharacters(in: CharacterSet(charactersIn: "() "))
  }

  private func identifier(_ kind: String) -> String? {
    source.hasPrefix("\(kind):") ? String(source.dropFirst(kind.count + 1)) : nil
  }

  /// `gururani2021`.
  package var key: String {
    let name = (authors.first ?? "").folding(options: .diacriticInsensitive, locale: nil)
    return name.lowercased().filter { $0.isASCII && $0.isLetter } + "\(year)"
  }

  /// An entry. The title is that of `PaperTitles`; none is made up.
  package func bibTeX(key: String) -> String {
    var fields: [(String, String)] = [
      ("author", (authors + (hasMore ? ["others"] : [])).joined(separator: " and ")),
      ("year", "\(year)"),
    ]
    if let title = PaperTitles.title(of: self) { fields.insert(("title", "{\(title)}"), at: 1) }
    if let arxiv = identifier("arXiv") {
      fields += [("eprint", arxiv), ("archiveprefix", "arXiv")]
    } else if let doi = identifier("doi") {
      fields.append(("doi", doi))
    } else if !source.isEmpty {
      fields.append(("howpublished", LaTeXText.escaped(source)))
    }
    let lines = fields.map { "  \($0.0) = {\($0.1)}" }
    return "@misc{\(key),\n\(lines.joined(separator: ",\n"))\n}\n"
  }
}

/// The titles of the papers on cards, by identifier, or by authors and year without one.
package enum PaperTitles {
  package static func title(of citation: Citation) -> String? {
    titles[citation.source] ?? titles[citation.key]
  }

  private static let titles: [String: String] = [
    "arXiv:1503.02531": "Distilling the Knowledge in a Neural Network",
    "arXiv:1505.04597":
      "U-Net: Convolutional Networks for Biomedical Image Segmentation",
    "arXiv:1609.09430": "CNN Architectures for Large-Scale Audio Classification",
    "arXiv:1703.00593":
      "Positive-Unlabeled Learning with Non-Negative Risk Estimator",
    "arXiv:1703.01780":
      "Mean teachers are better role models: Weight-averaged consistency targets improve "
      + "semi-supervised deep learning results",
    "arXiv:1704.04861":
      "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
    "arXiv:1902.00751": "Parameter-Efficient Transfer Learning for NLP",
    "arXiv:1909.06654":
      "musicnn: Pre-trained convolutional neural networks for music audio tagging",
    "arXiv:1911.04252": "Self-training with Noisy Student improves ImageNet classification",
    "arXiv:2001.07685":
      "FixMatch: Simplifying Semi-Supervised Learning with Consistency and Confidence",
    "arXiv:2009.05188":
      "SONYC-UST-V2: An Urban Sound Tagging Dataset with Spatiotemporal Context",
    "arXiv:2009.14119": "Asymmetric Loss For Multi-Label Classification",
    "arXiv:2103.06695":
      "BYOL for Audio: Self-Supervised Learning for General-Purpose Audio Representation",
    "arXiv:2104.00769":
      "Keyword Transformer: A Self-Attention Model for Keyword Spotting",
    "arXiv:2104.01778": "AST: Audio Spectrogram Transformer",
    "arXiv:2106.09685": "LoRA: Low-Rank Adaptation of Large Language Models",
    "arXiv:2106.09708": "Multi-Label Learning from Single Positive Labels",
    "arXiv:2106.10199":
      "BitFit: Simple Parameter-efficient Fine-tuning for Transformer-based Masked "
      + "Language-models",
    "arXiv:2110.09784": "SSAST: Self-Supervised Audio Spectrogram Transformer",
    "arXiv:2110.10955":
      "Multi-label Classification with Partial Annotations using Class-aware Selective Loss",
    "arXiv:2111.12761": "Semi-Supervised Audio Classification with Partially Labeled Data",
    "arXiv:2112.07368":
      "Simple and Robust Loss Design for Multi-Label Learning with Missing Labels",
    "arXiv:2206.03740":
      "Large Loss Matters in Weakly Supervised Multi-Label Classification",
    "arXiv:2206.04850":
      "Feature-informed Embedding Space Regularization For Audio Classification",
    "arXiv:2211.04772":
      "Efficient Large-scale Audio Tagging via Transformer-to-CNN Knowledge Distillation",
    "arXiv:2211.08379":
      "Music Instrument Classification Reprogrammed",
    "arXiv:2306.17424": "Audio Embeddings as Teachers for Music Classification",
    "doi:10.1145/2733373.2806390": "ESC: Dataset for Environmental Sound Classification",
    "doi:10.1109/ICASSP.2017.7952261":
      "Audio Set: An ontology and human-labeled dataset for audio events",
    "doi:10.1109/ICASSP.2019.8682475":
      "Look, Listen, and Learn More: Design Choices for Deep Audio Embeddings",
    "doi:10.1109/ICASSP40776.2020.9053669":
      "Data-Driven Harmonic Filters for Audio Representation Learning",
    "doi:10.5281/zenodo.1432913":
      "OpenMIC-2018: An Open Data-set for Multiple Instrument Recognition",
    "elkan2008": "Learning classifiers from only positive and unlabeled data",
    "grandvalet2004": "Semi-supervised Learning by Entropy Minimization",
    "lee2013":
      "Pseudo-Label: The Simple and Efficient Semi-Supervised Learning Method for Deep Neural "
      + "Networks",
    "law2009":
      "Evaluation of algorithms using games: the case of music tagging",
  ]
}
