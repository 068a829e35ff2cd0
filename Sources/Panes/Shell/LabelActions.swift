import Canvas

/// Actions about labels: answering missing ones, and what a mask does to them.
extension Action {
  static let labels: [Action] = [
    Action(
      .annotate, "annotate", "ask for missing labels, the most worth first; a or esc leaves",
      [.character("a")], on: [.clips]),
    Action(
      .answerYes, "yes", "annotate: the class is in the clip", [.character("y")], on: [.clips]),
    Action(
      .answerNo, "no", "annotate: the class is not in the clip", [.character("n")], on: [.clips]),
    Action(
      .answerOpen, "skip", "annotate: leave it open, do not ask again", [.character("-")],
      on: [.clips]),
    Action(
      .takeBack, "undo", "annotate: take the last answer back", [.character("u")], on: [.clips]),
    Action(
      .exportQuestions, "list", "write what is worth labelling as to-label.csv",
      [.character("O")], on: [.clips]),
    Action(
      .useAnswers, "learn", "the next run learns from the answers too, or not",
      [.character("U")], on: [.clips, .method]),
    Action(
      .maskedOnly, "masked", "clips with a masked label, or all", [.character("M")], on: [.clips]),
    Action(
      .activations, "in time", "classes by time in place of predictions, where the model says so",
      [.character("i")], on: [.clips]),
    Action(
      .exportSound, "wav", "write the clip's sound as a WAV file", [.character("x")], on: [.clips]),
    Action(
      .maskMore, "more", "try a larger masked share before training with it", [.character("+")],
      on: [.missing]),
    Action(
      .maskLess, "less", "try a smaller masked share", [.character("-")], on: [.missing]),
    Action(
      .keepShare, "keep", "take the share tried into the recipe", [.character("=")],
      on: [.missing]),
    Action(
      .unmask, "undo mask",
      "the masked label here counts as no: an answer by hand; again takes it back",
      [.character("u")], on: [.missing]),
    Action(
      .blink, "blink", "this view and the one before take turns, a second each",
      [.character("B")], on: [.missing]),
    Action(
      .moreLabels, "2x labels", "what if: train the run once more with twice the labels",
      [.character("W")], on: [.compare]),
  ]
}
