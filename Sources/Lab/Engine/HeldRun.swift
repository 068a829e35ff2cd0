// A finished run whose checkpoint is loaded: what can be asked of it, and its answers.
import Foundation

/// A run that is held: its checkpoint answers questions about clips and other sound files.
public struct HeldRun: Codable, Sendable, Equatable {
  public var run: String
  public var folder: URL
  /// The id of its model, such as `cnn`.
  public var model: String
  /// `best` or `last`: the checkpoint that was loaded.
  public var checkpoint: String
  /// Updates before that checkpoint; absent if the log does not say.
  public var step: Int?
  public var hasTeacher: Bool
  /// `student` or `teacher`: the network that is the method's result.
  public var network: String
  /// Length of the clips it was trained on, s.
  public var seconds: Double
}

public enum HeldRequest: Sendable, Equatable {
  /// Load the checkpoint of this run in place of the one that is held. Answered by `.loaded`.
  case take(URL)
  /// The same for the run that is shown or was shown last; else for the last finished run of the
  /// session. Loads nothing if that is held already.
  case takeLast
  /// Cancels what is going on and forgets the run.
  case letGo
  /// Answered by `.predictions`.
  case predict(clips: [String])
  /// All clips of the run's data set, batch by batch. Answered by several `.predictions`.
  case predictAll
  /// Answered by `Message.activations`.
  case activations(clip: String)
  /// Answered by `Message.reprogrammed`.
  case reprogram(clip: String)
  /// Rank the missing labels of the training clips. Answered by `.suggestions`.
  case suggest(SuggestionRule, count: Int)
  /// Which given labels look wrong. Answered by `.wrongLabels`.
  case checkLabels
  /// Score sound files, folders and long recordings. A path may begin with `~` or be relative to
  /// the working folder. Answered by `.soundsBegan`, `.sound` for each file, and `.soundsEnded`.
  case sounds(String)
  /// What was scored so far stays.
  case cancelSounds
  /// Write the predictions of `sounds`. An existing file is replaced only if `replacing` says so.
  /// Answered by `Message.notice` or by `.exists`.
  case export(PredictionText.Format, to: String, replacing: Bool)
}

public enum HeldMessage: Sendable, Equatable {
  case loaded(HeldRun)
  /// How far a longer answer is; nil at its end.
  case progress(Preparation?)
  /// Of these clips; `isLast`: nothing more comes of `predictAll`.
  case predictions([ClipPrediction], of: URL, isLast: Bool)
  case suggestions([LabelSuggestion], by: SuggestionRule)
  case wrongLabels(WrongLabels)
  case soundsBegan(Decision)
  case sound(SoundPrediction)
  /// With one line for each file that could not be scored, and for what was left out.
  case soundsEnded(problems: [String])
  /// A file of that name exists; nothing was written.
  case exists(PredictionText.Format, String)
}
