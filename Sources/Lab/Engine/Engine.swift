import Foundation

/// Takes requests of a front end and answers with messages. Both are plain values: nothing else
/// crosses between drawing and learning.
public protocol Engine: AnyObject, Sendable {
  /// Returns at once; the work happens on the engine's queues and the answers arrive as messages.
  func send(_ request: Request)
}

public enum Request: Sendable, Equatable {
  /// Read a data set's tables. Answered by `.preparation` and `.dataset`.
  case openDataset(Recipe)
  /// Sound and spectrogram of one clip of the open data set. Answered by `.sound`.
  case inspect(clip: String)
  /// Add the recipe's run to the session and train it. Answered by `.run` and `.events`.
  case start(Recipe)
  /// Train every unfinished run of the session, in order.
  case startSession
  /// The next run to start waits before its first step.
  case holdNext
  /// A command to the run. Answered by its events, and by `.stepBack`.
  case run(RunCommand)
  /// Count the parameters of the recipe's network on the open data set. Answered by `.parameters`.
  case count(Recipe)
  /// Apply the current model's trained input change to a clip. Answered by `.reprogrammed`.
  case reprogram(clip: String)
  /// Answers to missing labels, and lists of what to ask.
  case labels(LabelRequest)
  /// Add the recipe's run to the session under this name, and train it: now, or after the present
  /// run. Answered as `start` is, and by `.notice`.
  case queue(Recipe, name: String)
  /// Put the waiting runs into this order; runs that it does not name are skipped and stay to do.
  /// Answered by `.queue`.
  case arrange([String])
  /// Write the sound of a clip of the open data set as a WAV file. Answered by `.notice`.
  case exportSound(clip: String)
  /// The model's activations of each class over a clip. Answered by `.activations`.
  case activations(clip: String)
  /// The sessions and their runs.
  case sessions(SessionRequest)
  /// A finished run is loaded and asked. Answered by `.held`.
  case held(HeldRequest)
  /// The folders whose paths begin with this text. Answered by `.completions`.
  case complete(path: String)
  /// The guide of a method or the README of a session. Answered by `.guide`.
  case guide(GuideRequest)
  /// Make the sounds of the recipe's data set while runs train, never before one. Answered by
  /// `.background`.
  case makeSounds(Recipe)
  /// Stop the present run with a checkpoint, and end.
  case shutDown
}

/// Runs are named by their folders.
public enum SessionRequest: Sendable, Equatable {
  /// Answered by `.sessions`.
  case list
  /// Open this session in place of the present one. Answered by `.opened` and `.session`.
  case open(URL)
  /// Follow a run that another process trains. Answered by `.run`, `.attached` and its events.
  case attach(URL)
  /// Answered by `.recording`; for a long log by two, the first one with its ends alone.
  case record(URL)
  /// Answered by `.records`, in this order.
  case compare([URL])
  /// Test predictions of this run beside the labels. Answered by `.report`.
  case report(URL)
  /// Go on training this run. Answered as `start` is.
  case resume(URL)
  /// Move the run's folder to the trash of its session. Answered by `.sessions`.
  case delete(URL)
  /// Move a deleted run back. Answered by `.notice` and `.sessions`.
  case restore(URL)
  /// Replace the note about a run; an empty text removes it. Answered by `.sessions` and `.noted`.
  case note(URL, String)
  /// The verdict of `scant compare` on a session; nil is the open one. Answered by `.verdict`.
  case verdict(of: URL?)
  /// Write a session for the folder of sounds at this path; `~` and relative paths are understood.
  /// Answered by `.preparation`, `.sessions` and `.made`.
  case make(path: String)
  /// Write a session with the file of this one, and its answers, under another name beside it.
  /// Answered by `.sessions` and `.made`.
  case duplicate(URL, name: String)
  /// Give the session's folder another name. Answered by `.sessions`, by `.made`, and by `.opened`
  /// if it is the open one.
  case rename(URL, name: String)
}

public enum Message: Sendable {
  /// Events of the run that is being trained or replayed, in order.
  case events([Event])
  case preparation(Preparation)
  /// Work beside the training; nil: there is none any more.
  case background(Preparation?)
  case dataset(DatasetSnapshot)
  case sound(ClipSound)
  case reprogrammed(ReprogrammedInput)
  case parameters(ParameterCount)
  /// The note about a run is written.
  case noted
  case activations(ClipActivations)
  /// The answers in the session's folder: when a data set is opened, and after each change.
  case patch([LabelAnswer], file: String)
  /// What tags say of the open data set's training clips.
  case guesses(TagGuesses)
  /// A run of the session has begun; `events` that follow belong to it.
  case run(String)
  /// The run that has begun is trained by another process; nil: it is not followed any more.
  case attached(Attachment?)
  case session([RunSummary])
  /// The names of the runs that wait for the present one, the next one first.
  case queue([String])
  case sessions([SessionRow])
  /// Another session is open; `recipe` is that of its first run.
  case opened(session: String, recipe: Recipe)
  case recording(Recording)
  /// From the checkpoint of a finished run.
  case held(HeldMessage)
  case records([RunRecord])
  case verdict(Verdict)
  case report(RunReport)
  /// A session has a new folder; what there is to say of it.
  case made(MadeSession)
  /// The folders whose paths begin with a text, as they would be typed; sorted.
  case completions(of: String, [String])
  /// A text in Markdown.
  case guide(title: String, text: String)
  /// One line for the user: what was done.
  case notice(String)
  case stepBack(StepBack)
  case problem(RequestProblem)
}

/// A session that was written or renamed.
public struct MadeSession: Sendable, Equatable {
  public enum Origin: String, Sendable { case new, duplicate, rename }

  public var origin: Origin
  /// The name of its folder.
  public var name: String
  public var folder: URL
  /// Its name before, if it was renamed.
  public var former: String?
  /// What was understood of the data, of a new one.
  public var lines: [String]
  /// What looks wrong in the data, one line each.
  public var problems: [String]

  public init(
    origin: Origin, name: String, folder: URL, former: String? = nil, lines: [String] = [],
    problems: [String] = []
  ) {
    self.origin = origin
    self.name = name
    self.folder = folder
    self.former = former
    self.lines = lines
    self.problems = problems
  }
}

/// Why a request was refused, or failed.
public struct RequestProblem: Sendable, Equatable {
  /// What the request concerned.
  public enum Code: String, Sendable { case dataset, clip, labels, run, session, held, guide }

  public var code: Code
  /// One line for the user: what is wrong and what was expected.
  public var text: String

  public init(code: Code, text: String) {
    self.code = code
    self.text = text
  }
}

/// A data set as a screen shows it, without audio and tensors.
public struct DatasetSnapshot: Sendable, Equatable {
  public var id: String
  public var title: String
  public var classes: [String]
  public var clips: [ClipRow]
  /// Files that could not be read, with the reason: skipped, counted, reported.
  public var problems: [String]
  public var featuresCached: Bool

  public init(
    id: String, title: String, classes: [String], clips: [ClipRow], problems: [String],
    featuresCached: Bool
  ) {
    self.id = id
    self.title = title
    self.classes = classes
    self.clips = clips
    self.problems = problems
    self.featuresCached = featuresCached
  }
}

public struct ClipRow: Sendable, Equatable {
  public var id: String
  /// `train`, `validation` or `test`.
  public var split: String
  public var seconds: Double
  /// One state a class, as the training sees it.
  public var labels: [LabelState]
  /// The true labels, if known although hidden (synthetic missingness); else `nil`.
  public var truth: [Bool]?

  public init(id: String, split: String, seconds: Double, labels: [LabelState], truth: [Bool]?) {
    self.id = id
    self.split = split
    self.seconds = seconds
    self.labels = labels
    self.truth = truth
  }
}

public struct ClipSound: Codable, Sendable, Equatable {
  public var clip: String
  public var seconds: Double
  public var sampleRate: Int
  /// Input of the model: `bands × frames`, row-major, low band first, in the front end's unit.
  public var bands: Int
  public var frames: Int
  public var values: [Float]
  /// Centre frequency of each band in Hz.
  public var frequencies: [Float]
  /// The sound file, for a player.
  public var file: String
}
