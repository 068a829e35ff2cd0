// The forms of events about what the networks get right and why.
import Metrics

extension EventShape {
  package static let network = EventShape.word(["student", "teacher"])

  package static let term = EventShape.object(
    "term",
    [
      .key("name", .text, "name of the term"),
      .key("value", .number, "its mean before the weight"),
      .key("weight", .number, "its weight in the loss"),
      .key("contribution", .number, "value · weight"),
      .may("gradNorm", .number, "L2 norm of its gradient, as last measured"),
      .may("cosWithSupervised", .number, "cosine with the first term's gradient"),
      .may("measuredAt", .count, "the step of both"),
      .key("denominator", .count, "labels (or clips) that the mean runs over"),
      .key("entries", .count, "of so many"),
      .may("counted", .list(.text), "a text a clip of the batch, 1 for each counted class"),
      .key("flags", .list(.text), "`dead`, `exploding`, `conflicting`; usually empty"),
    ])

  package static let classScore = EventShape.object(
    "class score",
    [
      .key("name", .text, "the class"),
      .may("ap", .number, "average precision; absent without an observed positive"),
      .may("rocAUC", .number, "absent without a positive and a negative"),
      .may("precision", .number, "absent without a positive decision"),
      .may("recall", .number, "absent without an observed positive"),
      .may("f1", .number, "of the positives, decided at ½; absent without one"),
      .may("f1Both", .number, "½(F1⁺ + F1⁻); absent without a positive and a negative"),
      .key("observed", .count, "observed labels of the class"),
      .key("positives", .count, "positives among them"),
    ])

  package static let interval = EventShape.object(
    "interval",
    [
      .key("low", .number, "lower end"), .key("high", .number, "upper end"),
      .key("draws", .count, "bootstrap samples on which the metric is defined"),
    ])

  package static let tensor = EventShape.object(
    "tensor",
    [
      .key("name", .text, "such as `input`"), .key("shape", .list(.count), "its dimensions"),
      .key("min", .number, "smallest value"), .key("max", .number, "largest value"),
      .key("mean", .number, "mean"), .key("norm", .number, "L2 norm"),
      .key("nonFinite", .count, "values that are not finite"),
    ])

  private static let bin = EventShape.object(
    "bin",
    [
      .key("low", .number, "from this probability"), .key("high", .number, "to this one"),
      .key("count", .count, "labels"),
      .may("score", .number, "their mean probability; absent for none"),
      .may("share", .number, "share of positives; absent for none"),
    ])

  private static let reliability = EventShape.object(
    "reliability",
    [
      .key("bins", .list(bin), "ten, lowest first"),
      .may("error", .number, "expected calibration error, 15 bins"),
    ])

  package static let diagram = EventShape.object(
    "diagram",
    [
      .key("split", .word(["validation", "test"]), "the clips"),
      .key("calibration", .word(Recalibration.allCases.map(\.rawValue)), "the calibration"),
      .key("diagram", reliability, "the reliability diagram"),
    ])

  package static let afterTraining = EventShape.object(
    "after training",
    [
      .key("scores", .map(.number), "id with `@` to value, see Sessions.md"),
      .key("diagrams", .list(diagram), "reliability diagrams"),
      .key("sharing", .count, "classes without a threshold of their own"),
    ])
}

extension Terms {
  public static let form = EventForm(
    "The terms of the loss at a step. Only the newest counts.", screens: "3 Train (loss terms)",
    [.key("terms", .list(.term), "in the order of the loss")])
}

extension EvalStart {
  public static let form = EventForm(
    "An evaluation begins.", screens: "none",
    [
      .key("split", .text, "`validation` or `test`"),
      .key("model", .network, "the network"),
    ])
}

extension EvalEnd {
  public static let form = EventForm(
    "Scores of a network on a split. Those of `validation` are curves; that of `test` is the "
      + "result. Only observed labels count.", screens: "3 Train, 6 Compare, 7 Sessions",
    [
      .key("split", .text, "`validation` or `test`"),
      .key("model", .network, "the network"),
      .key("seconds", .number, "s that scoring took"),
      .key("metrics", .map(.number), "metric id (`scant metrics`) to value, 0…1"),
      .may("loss", .number, "mean cross-entropy of the observed labels"),
      .key("perClass", .list(.classScore), "a score for each class; may be empty"),
      .key("scored", .count, "observed labels"),
      .key("entries", .count, "labels there are: clips · C"),
      .may("intervals", .map(.interval), "metric id to 95 % bootstrap interval, of a test"),
      .may("groups", .count, "groups of clips that the intervals are over; absent: clips"),
      .may("weights", .count, "the step of the weights, of a test"),
      .may(
        "bounds", .map(.list(.number)),
        "metric id to the smallest and largest value over all completions of missing labels"),
      .may("afterTraining", .afterTraining, "of a test: after calibration and thresholds"),
    ])
}

extension MaskDelta {
  public static let form = EventForm(
    "From now on the loss leaves out these missing labels. Replaces the mask before.",
    screens: "5 Missing, 4 Clips",
    [
      .key("method", .text, "the method that masks"),
      .key("thresholds", .list(.orNull(.number)), "C lowest masked scores; null for none"),
      .key("candidates", .list(.count), "C numbers of labels that could be masked"),
      .key(
        "cells", .list(.count),
        "M entries n · C + k of training clip n and class k, ascending, as differences, the "
          + "first from 0"),
      .key("scores", .list(.number), "M probabilities, three decimals"),
      .may("precision", .number, "share of masked entries that are positive in truth"),
      .may("recall", .number, "share of hidden positives that are masked"),
      .may("share", .number, "the masked share, if the method chose it"),
    ])
}

extension Distances {
  public static let form = EventForm(
    "Cosine distances between N ≤ 32 training clips.", screens: "3 Train (distances)",
    [
      .key("extractor", .text, "id of the extractor"),
      .key("clips", .list(.text), "N ids"),
      .key("ours", .list(.number), "[N, N], row-major, by the model's embedding"),
      .key("theirs", .list(.number), "[N, N], by the extractor's features"),
    ])
}

extension ClipPrediction {
  public static let form = EventForm(
    "What a network says of a clip. The newest counts.", screens: "4 Clips, 5 Missing",
    [
      .key("clip", .text, "id of the clip"),
      .key("model", .network, "the network"),
      .key("probs", .list(.number), "C probabilities"),
      .key(
        "labels", .text,
        "C letters: `P` positive, `n` negative, `.` missing, `x` masked, `t` filled in by the "
          + "teacher, `H` and `h` answered yes and no by hand"),
    ])
}

extension StepSnapshot {
  public static let form = EventForm(
    "One phase of a step that is shown slowly. The header's step is the one before.",
    screens: "3 Train (phases)",
    [
      .key("phase", .word(PhaseChange.Name.allCases.map(\.rawValue)), "the phase"),
      .key("clips", .list(.text), "ids of the batch"),
      .key("tensors", .list(.tensor), "summaries of what the phase made"),
      .key("terms", .list(.term), "terms of the loss, after the losses"),
      .may("duration", .count, "ns of the phase"),
      .may("answers", .list(.list(.number)), "probabilities [B, C]"),
      .may("rate", .number, "learning rate of the update"),
      .may("kept", .number, "share of itself that the teacher kept"),
    ])
}
