// The forms of events about the course of a run.

extension RunStarted {
  public static let form = EventForm(
    "First line of a run: what is trained on what. A resumed run writes it again.",
    screens: "all",
    [
      .key("build", .text, "program and version that train"),
      .key("seed", .count, "of label hiding, initial weights and order"),
      .key("threads", .count, "threads of the training"),
      .key("dataset", .text, "id of the data set; a name of your own outside Scant"),
      .key("model", .text, "id or name of the network"),
      .key("method", .text, "id or name of the method"),
      .key("classes", .list(.text), "C names, in the order of all labels and probabilities"),
      .key("plannedSteps", .count, "updates of the whole run"),
      .key("plannedEpochs", .count, "epochs of the whole run"),
      .key("stepsPerEpoch", .count, "updates of an epoch, 1 or more"),
      .key("parameters", .count, "numbers in the networks"),
      .key("trainableParameters", .count, "those that the training changes"),
      .key("observed", .count, "observed labels of the training clips"),
      .key("entries", .count, "labels there are: training clips · C"),
      .key("hasTeacher", .flag, "whether a second network, `teacher`, is scored"),
      .key(
        "capabilities", .list(.text),
        "commands the run takes: `pause`, `phaseStep`, `stepBack`, `perTermGrad`; "
          + "`reprogrammedInput`. Empty outside Scant"),
      .may(
        "recipe", .text, "the recipe as YAML. **Absent means: trained outside Scant**"),
      .may("settings", .map(.text), "settings of a run outside Scant, for 6 Compare"),
      .may("stages", .list(.text), "names of the stages of a method with several"),
      .may("lostClips", .count, "clips whose sound is missing; absent for none"),
      .may("columns", .list(.text), "ids of the metrics to show, the main one first"),
    ])
}

extension LoggedClips {
  public static let form = EventForm(
    "Clips with labels of a run outside Scant, after `hello`. Several events add up.",
    screens: "1 Data, 4 Clips, 5 Missing",
    [
      .key("split", .word(["train", "validation", "test"]), "the split of these clips"),
      .key("clips", .list(.text), "N ids; those of `train` in the order that masks count in"),
      .key(
        "labels", .list(.text),
        "N texts of C letters: `P` positive, `n` negative, `.` missing, as training sees them"),
      .may("truth", .list(.text), "the same with nothing hidden, if it is known"),
      .may("files", .list(.text), "N sound files, absolute or from the run's folder"),
      .may("seconds", .list(.number), "N lengths in s"),
    ])
}

extension StateChange {
  public static let form = EventForm(
    "The run changes its state. After its step no curve and no mask is kept: a run that resumes "
      + "begins here.", screens: "3 Train, header",
    [
      .key("state", .word(Name.allCases.map(\.rawValue)), "the new state"),
      .may("fraction", .number, "0…1 of a preparation"),
      .may("what", .text, "what is prepared or evaluated, the stage, or why the run holds"),
    ])
}

extension PhaseChange {
  public static let form = EventForm(
    "A step enters a phase. Only the newest counts.", screens: "3 Train (phases)",
    [
      .key("phase", .word(Name.allCases.map(\.rawValue)), "the phase that begins"),
      .key("duration", .count, "ns that the phase before took"),
    ])
}

extension Progress {
  public static let form = EventForm(
    "How far the run is, at most four times a second. Only the newest counts.",
    screens: "3 Train, header",
    [
      .key("plannedSteps", .count, "updates of the whole run"),
      .key("clipsSeen", .count, "clips in all batches so far"),
      .key("observedCellsSeen", .count, "observed labels in them"),
      .key("lr", .number, "learning rate"),
      .key("stepsPerSec", .number, "updates a second"),
      .key("eta", .number, "s left"),
    ])
}

extension Scalars {
  public static let form = EventForm(
    "A stretch of the curves: at most 64 consecutive steps. `loss/total`, `loss/TERM`, `w/TERM`, "
      + "`grad/total` and `lr` have places of their own; any other name is a curve too.",
    screens: "3 Train, 6 Compare",
    [
      .key("first", .count, "the first step"),
      .key("n", .count, "steps"),
      .key(
        "series", .map(.list(.orNull(.number))),
        "a curve's n values; null where it has none at a step"),
    ])
}

extension CheckpointSaved {
  public static let form = EventForm(
    "Weights were written.", screens: "3 Train, 7 Sessions (time line)",
    [
      .key("file", .text, "`best` or `last`"),
      .key("reason", .text, "`epoch`, `manual`, `stop` or `best`"),
      .key("bytes", .count, "size of the file"),
      .key("ms", .number, "ms that writing took"),
    ])
}

extension LogLine {
  public static let form = EventForm(
    "A sentence for people.", screens: "3 Train (log)",
    [
      .key("level", .word(["info", "warn", "error"]), "warnings are also shown as messages"),
      .key("code", .text, "a word that stands for the kind of line"),
      .key("text", .text, "the sentence"),
    ])
}

extension Fault {
  public static let form = EventForm(
    "The training cannot go on.", screens: "3 Train (a box over it)",
    [
      .key("code", .text, "such as `non-finite`"),
      .key("message", .text, "what is wrong and what was expected"),
      .may("tensor", .text, "the value that is at fault"),
      .may("lastGoodCheckpoint", .count, "the step of the last checkpoint"),
      .key("suggestion", .list(.text), "what to try"),
    ])
}

extension Resources {
  public static let form = EventForm(
    "What the process uses, about once a second.", screens: "3 Train (machine)",
    [
      .key("cpu", .number, "% of one processor"),
      .key("rss", .count, "bytes of resident memory"),
      .key("threads", .count, "threads of the process"),
      .may("written", .number, "bytes a second written to disks"),
    ])
}

extension Reply {
  public static let form = EventForm(
    "The answer to a command from a screen.", screens: "message",
    [
      .key("command", .text, "the command"),
      .key("ok", .flag, "whether it was done"),
      .may("reason", .text, "why not"),
    ])
}

extension RunEnded {
  public static let form = EventForm(
    "Last line of a run that has ended.", screens: "all lists of runs, 6 Compare",
    [
      .key("reason", .word(["done", "stopped", "interrupted", "failed"]), "how it ended"),
      .key(
        "scores", .map(.map(.map(.number))),
        "split to network (`student`, `teacher`) to metric id to value"),
      .key("wall", .number, "s of training, evaluations included"),
      .may("lostClips", .count, "as in `hello`"),
    ])
}
