import Lab

/// What a person has chosen on each screen, beside the cursors.

struct DataState: Sendable, Equatable {
  var order = ClassOrder.dataset
}

struct MethodState: Sendable, Equatable {
  /// The text being typed into the field under the cursor.
  var edit: String?
  /// Why the last edit was refused.
  var problem: String?
  /// The network whose values were asked for last.
  var counted: String?
}

/// What the Train screen shows below its strip.
enum TrainView: Sendable, Equatable {
  case curves
  /// A run walked through step by step.
  case step
  /// How far apart clips lie, by the model and by what it learns from.
  case distances
}

struct TrainState: Sendable, Equatable {
  enum XAxis: String, Sendable, CaseIterable {
    case step, epoch
    case time = "s"
    case labels, log
  }
  static let smoothings = [0, 0.3, 0.6, 0.9, 0.97]

  var logY = false
  var xAxis = XAxis.step
  var smoothing = 0.6
  /// Where the inspect cursor stands, as a share of the x axis.
  var inspect: Double?
  /// Places that were pinned, as such shares too.
  var pins: [Double] = []
  static let mostPins = 3
  /// How many times larger than whole the x axis is drawn.
  var zoom = 1.0
  static let largestZoom = 256.0
  var warningsOnly = false
  /// Whether the fault box was put aside.
  var faultSeen = false
  /// Whether the panes of a step stand in place of the curves while a run is stepped.
  var showsStep = false
  /// Whether the matrices of distances do, as long as no step does.
  var showsDistances = false

  var nextSmoothing: Double {
    let all = Self.smoothings
    return all[((all.firstIndex(of: smoothing) ?? 0) + 1) % all.count]
  }
}

struct ClipState: Sendable, Equatable {
  var filter = ClipFilter()
  /// Indices of the clips that pass the filter.
  var visible: [Int] = []
  /// What is being typed after `/`.
  var typing: String?
  var playing: Playing?
  /// Clips in the order of the largest difference between teacher and student.
  var byDisagreement = false
  /// Predictions give way to classes by time.
  var showsActivations = false
  /// Predictions show the teacher alone.
  var teacherOnly = false
  var picture = Picture.original
  /// Clips whose predictions are followed from step to step.
  var watched: [String] = []
  static let mostWatched = 16
  /// Clips whose predictions were asked for since the model changed last.
  var asked: Set<String> = []
  /// Those of them that are not answered yet.
  var awaited: Set<String> = []
  /// What was predicted before the newest answer, by model and clip, and at which step that
  /// answer came.
  var before: [String: ClipPrediction] = [:]
  var answeredAt: [String: Int] = [:]

  /// What of a clip the spectrogram shows, where a network changes it before it looks.
  enum Picture: Sendable, CaseIterable {
    case original, reprogrammed, difference
  }

  struct Playing: Sendable, Equatable {
    var clip: String
    /// In the clock given to `tick`, s.
    var since: Double
    var seconds: Double
  }
}

struct MissingState: Sendable, Equatable {
  enum View: String, Sendable, CaseIterable {
    case given
    case masked = "after mask"
    case teacher = "teacher belief"
    case truth
  }
  static let bins: [Int?] = [nil, 1, 4, 16, 64]

  var view = View.given
  /// Clips a column; nil fits the whole data set into the pane.
  var bin: Int?
  var byMissing = false
  var order = ClassOrder.dataset
  /// Position of the cursor in the order of the clips.
  var position = 0
  /// Clip indices in the order shown.
  var clips: [Int] = []
  var given: LabelSums?
  var truth: LabelSums?
  /// The given labels with the masked ones marked, and what there is to say of the mask.
  var masked: LabelSums?
  var mask: MaskFacts?
  /// The mask at another share, shown in place of the run's.
  var preview: MaskPreview?
  var shownMask: MaskFacts? { preview?.facts ?? mask }
  /// Every mask of the run, to say since when a cell is in it.
  var history: [MaskMembership] = []
  /// A label has changed since the sums were made.
  var isStale = false
  /// The view before this one, and whether the two take turns.
  var beside = View.given
  var blinks = false
}

/// The cells n · C + k of one mask.
struct MaskMembership: Sendable, Equatable {
  var epoch: Int
  var cells: Set<Int>

  /// "masked since epoch 3", "left the mask in epoch 8"; nil for a cell that never was in one.
  static func story(of cell: Int, _ history: [MaskMembership]) -> String? {
    var entered: Int?
    var text: String?
    for mask in history {
      let isIn = mask.cells.contains(cell)
      if isIn, entered == nil {
        entered = mask.epoch
        text = "masked since epoch \(mask.epoch)"
      } else if !isIn, let since = entered {
        entered = nil
        text = "masked from epoch \(since), left in epoch \(mask.epoch)"
      }
    }
    return text
  }
}

/// One line that comes and goes.
public struct Toast: Sendable, Equatable {
  public var text: String
  public var isWarning: Bool
  /// When it goes, in the clock given to `tick`, s.
  var until: Double
}

/// What lies over the screen and takes the keys.
enum Overlay: Sendable, Equatable {
  case help(HelpState)
  case palette(PaletteState)
  case menu(Menu)
  case changes(ChangesState)
  /// The digits of a step that is being typed.
  case goTo(String)
}
