// What a run predicts for the clips of its data, beside their labels: for files of other programs.
import Datasets
import Formats
import Foundation
import Metrics

/// Predictions for clips: the test of a run of Scant, or what another program logged.
public struct ClipPredictions: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public let clip: String
    public let split: String
    /// The length of the clip in s; 0 if it is not known.
    public let seconds: Double
    /// C probabilities as the network gave them.
    public let probabilities: [Float]
    /// C labels, nil where one is missing; nil where no label is known because the data set cannot
    /// be opened.
    public let labels: [Bool?]?
  }

  public let classes: [String]
  /// `student` or `teacher`: the network that is the method's result.
  public let network: String
  public let rows: [Row]

  /// `clip,split,class,p,label,observed`: a line for each clip and class. `label` is 1, 0 or empty;
  /// `observed` is 1, 0, or empty where labels are not known.
  public var csv: String {
    var lines = ["clip,split,class,p,label,observed"]
    let names = classes.map(CSVText.quoted)
    for row in rows {
      let head = "\(CSVText.quoted(row.clip)),\(row.split)"
      for (c, name) in names.enumerated() {
        let label = row.labels.map { $0[c] }
        let known = label.map { $0.map { $0 ? "1,1" : "0,1" } ?? ",0" } ?? ","
        lines.append("\(head),\(name),\(row.probabilities[c]),\(known)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// An archive for NumPy: `p`, `labels` (NaN where missing), `observed` [N, C] float32; `clips`,
  /// `splits` [N] and `classes` [C] texts. Without known labels `labels` and `observed` are absent.
  public var npz: Data {
    get throws {
      let shape = [rows.count, classes.count]
      var archive = NPZWriter()
      try archive.add(NPY.encoded(rows.flatMap(\.probabilities), shape: shape), as: "p")
      if rows.allSatisfy({ $0.labels != nil }) {
        let labels = rows.flatMap { $0.labels ?? [] }
        let values = labels.map { label -> Float in label.map { $0 ? 1 : 0 } ?? .nan }
        try archive.add(NPY.encoded(values, shape: shape), as: "labels")
        let observed = labels.map { $0 == nil ? Float(0) : 1 }
        try archive.add(NPY.encoded(observed, shape: shape), as: "observed")
      }
      try archive.add(NPY.encoded(rows.map(\.clip)), as: "clips")
      try archive.add(NPY.encoded(rows.map(\.split)), as: "splits")
      try archive.add(NPY.encoded(classes), as: "classes")
      return Data(archive.bytes)
    }
  }

  /// The same as predictions for sounds of one window, for label tracks.
  public var sounds: [SoundPrediction] {
    rows.map { row in
      SoundPrediction(
        file: row.clip, seconds: row.seconds,
        windows: [
          .init(
            start: 0, end: row.seconds, student: row.probabilities, teacher: row.probabilities)
        ])
    }
  }
}

extension RunExecutor {
  /// The predictions of a run for its clips, with the run's decisions; blocking. `notice`: called
  /// with one line if the labels are not known.
  ///
  /// - Throws: One line if the run has no predictions.
  public func predictions(
    of folder: RunFolder, progress: PreparationHandler? = nil, notice: (String) -> Void
  ) throws -> (predictions: ClipPredictions, decision: Decision) {
    let recipe = try folder.readRecipe()
    guard recipe.outside == nil else { return try folder.loggedPredictions() }
    guard try StoredFile.exists(folder.predictions), let started = try folder.started() else {
      throw Problem(
        folder.url.path, "no test predictions; expected a run that was trained to its end")
    }
    let found = try RunPredictions(reading: folder, classes: started.classes.count)
    var clips: [Clip.ID: Clip]?
    var isSingleLabel = false
    do {
      let dataset = try data.open(recipe, progress: progress)
      isSingleLabel = dataset.isSingleLabel
      clips = Dictionary(
        recipe.hiding(dataset.clips).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    } catch let error as CancellationError { throw error } catch {
      notice("labels are not known: \(reason(of: error))")
    }
    let predictions = ClipPredictions(found, started, recipe, clips)
    let calibration = try RunCalibration.read(folder, classes: started.classes)
    let decision = Decision(
      classes: started.classes, network: predictions.network,
      calibration: calibration?.network == predictions.network ? calibration?.calibration : nil,
      isSingleLabel: isSingleLabel)
    return (predictions, decision)
  }
}

extension ClipPredictions {
  /// `clips`: those of the data set; nil if it cannot be opened.
  fileprivate init(
    _ found: RunPredictions, _ started: RunStarted, _ recipe: Recipe, _ clips: [Clip.ID: Clip]?
  ) {
    let count = started.classes.count
    classes = started.classes
    network = ResultNetwork.of(recipe.method)
    rows = found.clips.enumerated().map { place, id in
      let labels = clips.map { known in
        known[id]?.labels.map { $0.map { $0 >= 0.5 } } ?? [Bool?](repeating: nil, count: count)
      }
      return Row(
        clip: id, split: "test", seconds: clips?[id]?.seconds ?? 0,
        probabilities: Array(found.scores[place * count..<(place + 1) * count]), labels: labels)
    }
  }
}

extension RunFolder {
  /// The newest prediction for each clip that another program logged, in the order of its clips.
  fileprivate func loggedPredictions() throws -> (ClipPredictions, Decision) {
    let log = try EventLog.read(
      events, only: [RunStarted.self, LoggedClips.self, ClipPrediction.self])
    var (classes, order, newest) = ([String](), [String](), [String: ClipPrediction]())
    var (splits, lengths) = ([String: String](), [String: Double]())
    for body in log.events.map(\.body) {
      switch body {
      case let started as RunStarted: classes = started.classes
      case let clips as LoggedClips:
        for (place, id) in clips.clips.enumerated() where splits[id] == nil {
          (splits[id], lengths[id]) = (clips.split, 0)
          if let seconds = clips.seconds, place < seconds.count { lengths[id] = seconds[place] }
          order.append(id)
        }
      case let found as ClipPrediction where found.model == "student":
        if splits[found.clip] == nil, newest[found.clip] == nil { order.append(found.clip) }
        newest[found.clip] = found
      default: break
      }
    }
    let rows = order.compactMap { id -> ClipPredictions.Row? in
      guard let found = newest[id], found.probs.count == classes.count else { return nil }
      let states = found.labels.map(LabelState.init(letter:))
      let labels = states.map { $0?.isObserved == true ? $0?.isPositive : nil }
      return ClipPredictions.Row(
        clip: id, split: splits[id] ?? "", seconds: lengths[id] ?? 0, probabilities: found.probs,
        labels: labels.count == classes.count ? labels : nil)
    }
    guard !rows.isEmpty else {
      throw LabError("\(events.path): no event clipPred; expected predictions in the log")
    }
    let decision = Decision(
      classes: classes, network: "student", calibration: nil, isSingleLabel: false)
    return (ClipPredictions(classes: classes, network: "student", rows: rows), decision)
  }
}
