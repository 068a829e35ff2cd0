// How long a training takes: measured on one clip before the first step, and by the steps after it.
import Autograd
import Datasets
import Dispatch
import Foundation
import Layers

/// Durations predicted from the cost of one clip, s.
struct Forecast: Equatable {
  let step, training, scoring: Double

  /// Uses of a parameter, one a clip and epoch, from which on the training may be so long that
  /// measuring its duration is worth the time.
  static let worthForecasting = 1e10
  /// A training that takes longer than this is announced after its first step, s.
  static let longTraining = 900.0

  /// `learning` and `scoring`: seconds for one clip.
  init(learning: Double, scoring: Double, batch: Int, steps: Int, scored clips: Int) {
    step = learning * Double(batch)
    training = step * Double(steps)
    self.scoring = scoring * Double(clips)
  }

  var total: Double { training + scoring }

  /// "about 5.2 s a step, 21.6 h in all (1.2 h of it scoring), judged by one clip".
  var text: String {
    func hours(_ seconds: Double) -> String { String(format: "%.1f h", seconds / 3600) }
    let share = scoring > 0 ? " (\(hours(scoring)) of it scoring)" : ""
    let step = String(format: "%.3g", step)
    return "about \(step) s a step, \(hours(total)) in all\(share), judged by one clip"
  }
}

extension Forecast {
  static func isWorthwhile(
    _ plan: TrainingPlan, _ position: TrainingPosition, _ learner: Learner
  ) -> Bool {
    let steps = plan.plannedSteps - position.step
    let uses = Double(learner.method.model.parameterCount) * Double(steps * plan.batchSize)
    return uses > worthForecasting && !(learner.method.model is any RowLearner)
      && !plan.train.clips.isEmpty
  }

  /// Takes the time of one clip; the run does not notice.
  init(measuring learner: Learner, _ plan: TrainingPlan, _ position: TrainingPosition) {
    let batch = plan.train.batch([0])
    // The first pass also pays for memory and kernels that are used for the first time.
    var learning = learner.probe(batch)
    if learning < 2 { learning = min(learning, learner.probe(batch)) }
    let networks = learner.method.scored(in: learner.stage)
    var scoring = 0.0
    if let network = networks.first?.classifier {
      let view = plan.train.view([0], segment: 0)
      let start = DispatchTime.now()
      _ = network(view, .evaluation())
      scoring = start.seconds
    }
    let epochs = plan.plannedEpochs - position.epoch
    self.init(
      learning: learning, scoring: scoring, batch: plan.batchSize,
      steps: plan.plannedSteps - position.step,
      scored: networks.count * plan.scoredPieces(epochs: epochs))
  }
}

extension TrainingPlan {
  /// Pieces of clips that a network scores in the validations of these epochs and in the test.
  fileprivate func scoredPieces(epochs: Int) -> Int {
    func pieces(_ data: any SplitData) -> Int { data.clips.count * data.segments }
    return pieces(test) + (validation.observed > 0 ? max(0, epochs) * pieces(validation) : 0)
  }
}

/// The duration of steps, and what the process uses.
struct Pace {
  private(set) var stepsPerSecond = 0.0
  /// Steps counted so far.
  private(set) var steps = 0
  /// Seconds a step, as predicted before the first one.
  var forecastStep: Double?
  private var reported = DispatchTime.now()
  private var processorTime = Resources.processorSeconds
  private var writtenBytes = Resources.writtenBytes

  /// A moving average over about the last twenty steps.
  mutating func count(_ seconds: Double) {
    steps += 1
    let now = 1 / max(seconds, 1e-6)
    stepsPerSecond += stepsPerSecond == 0 ? now : 0.05 * (now - stepsPerSecond)
  }

  func seconds(for steps: Int) -> Double { Double(steps) / max(stepsPerSecond, 1e-6) }

  /// A line if the steps that are left take long and the forecast did not predict it.
  func announcement(of left: Int) -> String? {
    let seconds = seconds(for: left)
    guard seconds > Forecast.longTraining, isFarFromForecast else { return nil }
    let step = String(format: "%.3g", 1 / max(stepsPerSecond, 1e-6))
    let hours = String(format: "%.1f", seconds / 3600)
    return "a step takes \(step) s: about \(hours) h for the \(left) steps left, "
      + "evaluation not counted"
  }

  /// Whether a step takes over a quarter more or less than predicted.
  private var isFarFromForecast: Bool {
    let seconds = 1 / stepsPerSecond
    guard let forecastStep, seconds.isFinite else { return true }
    return abs(seconds - forecastStep) > forecastStep / 4
  }

  /// At most once a second: what the process uses.
  mutating func resources() -> Resources? {
    let seconds = reported.seconds
    guard seconds >= 1 else { return nil }
    let (time, bytes) = (Resources.processorSeconds, Resources.writtenBytes)
    defer { (reported, processorTime, writtenBytes) = (.now(), time, bytes) }
    let written = bytes.flatMap { now in writtenBytes.map { Double(max(0, now - $0)) / seconds } }
    return Resources(
      cpu: 100 * (time - processorTime) / seconds, rss: Resources.residentBytes,
      threads: ThreadPool.shared.threads, written: written)
  }
}

extension Resources {
  /// User and system time of this process, s.
  fileprivate static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Bytes that this process has sent to disks, from `/proc/self/io`; nil, for unknown, where it
  /// cannot be read.
  fileprivate static var writtenBytes: Int? {
    let lines = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8))?.split(
      separator: "\n")
    let line = lines?.first { $0.hasPrefix("write_bytes:") }
    return line?.split(separator: " ").last.flatMap { Int($0) }
  }

  /// From `/proc/self/statm`; 0 on systems without it.
  fileprivate static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(
      separator: " ")
    return (fields?.dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
