// How long a training will take, measured on one clip before its first step.
import Autograd
import Datasets
import Dispatch
import Foundation
import Layers

/// What a training comes to where one clip costs so much.
struct Forecast: Equatable {
  /// Seconds.
  let step, training, scoring: Double

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

extension Trainer {
  /// Where every value of a network is used once for every clip of every epoch, uses from which on
  /// a training may be long enough for its length to be worth measuring.
  static let worthForecasting = 1e10

  /// Says before the first step how long a long training takes.
  func forecast(_ learner: Learner) {
    let steps = plan.plannedSteps - position.step
    let uses = Double(learner.method.model.parameterCount) * Double(steps * plan.batchSize)
    guard uses > Self.worthForecasting, !position.isTrained,
      !(learner.method.model is any RowLearner), !plan.train.clips.isEmpty
    else { return }
    emit(.state(StateChange(state: .preparing, what: "measuring one clip")))
    let batch = plan.train.batch([0])
    // The first time pays for what is touched for the first time.
    var learning = learner.probe(batch)
    if learning < 2 { learning = min(learning, learner.probe(batch)) }
    let found = Forecast(
      learning: learning, scoring: scoringSeconds(learner), batch: plan.batchSize, steps: steps,
      scored: scoredClips(learner))
    guard found.total > Self.longTraining else { return }
    forecastStep = found.step
    say(.info, "eta", found.text)
    emit(
      .progress(
        Progress(
          plannedSteps: plan.plannedSteps, clipsSeen: position.clipsSeen,
          observedCellsSeen: position.observedCellsSeen, lr: learner.nextRate,
          stepsPerSec: 1 / max(found.step, 1e-6), eta: found.total)))
  }

  /// Whether a step takes more than a quarter more or less than was said.
  func isFarFromForecast(_ seconds: Double) -> Bool {
    guard let forecastStep, seconds.isFinite else { return true }
    return abs(seconds - forecastStep) > forecastStep / 4
  }

  /// Of one piece of a clip.
  private func scoringSeconds(_ learner: Learner) -> Double {
    guard let network = learner.method.scored(in: learner.stage).first?.classifier else { return 0 }
    let view = plan.train.view([0], segment: 0)
    let start = DispatchTime.now()
    _ = network(view, .evaluation())
    return start.seconds
  }

  /// Pieces of clips that are scored until the end: validation after each epoch, then the test.
  private func scoredClips(_ learner: Learner) -> Int {
    let epochs = plan.epochs * plan.stages.count - position.epoch
    func pieces(_ data: SplitData) -> Int { data.clips.count * data.segments }
    let isValidated = plan.validation.observed > 0
    let networks = learner.method.scored(in: learner.stage).count
    return networks
      * (pieces(plan.test) + (isValidated ? max(0, epochs) * pieces(plan.validation) : 0))
  }
}

/// How fast steps go by.
struct Pace {
  private(set) var stepsPerSecond = 0.0
  /// Steps counted so far.
  private(set) var steps = 0
  private var reported = DispatchTime.now()
  private var processorTime = Resources.processorSeconds

  /// A moving average over the last twenty steps or so.
  mutating func count(_ seconds: Double) {
    steps += 1
    let now = 1 / max(seconds, 1e-6)
    stepsPerSecond += stepsPerSecond == 0 ? now : 0.05 * (now - stepsPerSecond)
  }

  /// At most once a second: what the process uses.
  mutating func resources() -> Resources? {
    let seconds = reported.seconds
    guard seconds >= 1 else { return nil }
    let time = Resources.processorSeconds
    defer { (reported, processorTime) = (.now(), time) }
    return Resources(
      cpu: 100 * (time - processorTime) / seconds, rss: Resources.residentBytes,
      threads: ThreadPool.shared.threads)
  }
}

extension Resources {
  /// User and system time of this process, in s.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// From `/proc/self/statm`; 0 where there is none.
  static var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(
      separator: " ")
    return (fields?.dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
  }
}
