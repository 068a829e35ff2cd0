// The lessons that come with the program: each trains in seconds, and what it claims shows.
import Datasets
import Foundation
import Lab
import Testing

@Suite(
  .serialized,
  .enabled(if: (try? SoundFont.find()) != nil, "FluidSynth or its SoundFont absent"))
struct LessonTests {
  private static let sessions = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("sessions")

  /// Trains runs of lessons; the same recipe once.
  private final class Pupil {
    let folder: URL
    let executor: RunExecutor
    private var known: [(recipe: Recipe, summary: RunSummary, ends: [EvalEnd])] = []

    init(_ folder: URL) {
      self.folder = folder
      executor = RunExecutor(cache: folder.appendingPathComponent("cache"))
    }

    func summary(_ lesson: String, _ run: String) throws -> RunSummary {
      try train(lesson, run).summary
    }

    /// The mean change of the validation AP from an epoch to the next, of one of two networks.
    func wavering(_ lesson: String, _ run: String, _ network: String) throws -> Double {
      let values = try train(lesson, run).ends.compactMap { end in
        end.model == network && end.split == "validation" ? end.metrics["ap-macro"] : nil
      }
      try #require(values.count == 20, "\(network): \(values)")
      return zip(values, values.dropFirst()).reduce(0) { $0 + abs($1.1 - $1.0) } / 19
    }

    private func train(
      _ lesson: String, _ run: String
    ) throws -> (summary: RunSummary, ends: [EvalEnd]) {
      let session = try Session.read(
        LessonTests.sessions.appendingPathComponent("lessons/\(lesson)"))
      let recipe = try #require(session.runs.first { $0.name == run }, "\(lesson) \(run)").recipe
      if let known = known.first(where: { $0.recipe == recipe }) {
        return (known.summary, known.ends)
      }
      let place = RunFolder(folder.appendingPathComponent("\(lesson)-\(run)"))
      let told = Recorder()
      let trainer = try executor.trainer(for: recipe, in: place) { told.add($0) }
      trainer.start()
      #expect(trainer.wait().reason == .done)
      let ends = told.events.compactMap { $0.body as? EvalEnd }
      known.append((recipe, place.summary(of: recipe), ends))
      return (place.summary(of: recipe), ends)
    }

    func f1(_ lesson: String, _ run: String) throws -> Double {
      try #require(summary(lesson, run).scores["f1-macro-both"])
    }

    func ap(_ lesson: String, _ run: String) throws -> Double {
      try #require(summary(lesson, run).scores["ap-macro"])
    }
  }

  @Test func whatLessonsClaimShows() throws {
    try Samples.withFolder { folder in
      let pupil = Pupil(folder)
      // Decisions sink; the order of the clips stays much longer.
      let all = (
        try pupil.f1("1-missing-as-negative", "b0-observed1.0-s0"),
        try pupil.ap("1-missing-as-negative", "b0-observed1.0-s0")
      )
      let few = (
        try pupil.f1("1-missing-as-negative", "b0-observed0.1-s0"),
        try pupil.ap("1-missing-as-negative", "b0-observed0.1-s0")
      )
      #expect(all.0 > 0.9 && few.0 < 0.65, "b0: \(all), \(few)")
      #expect(all.1 - few.1 < 0.5 * (all.0 - few.0), "b0: \(all), \(few)")
      let (b0, b1) = (try pupil.f1("2-masking", "b0-s0"), try pupil.f1("2-masking", "b1-s0"))
      #expect(b1 > b0 + 0.2, "b1 \(b1), b0 \(b0)")
      let enhanced = try pupil.summary("3-label-enhancing", "label-enhancing-s0")
      let student = try #require(enhanced.scores["f1-macro-both"])
      let teacher = try #require(enhanced.otherScores["f1-macro-both"])
      #expect(student > teacher + 0.2, "student \(student), teacher \(teacher)")
      let average = try pupil.wavering("4-mean-teacher", "mean-teacher-s0", "teacher")
      let trained = try pupil.wavering("4-mean-teacher", "mean-teacher-s0", "student")
      #expect(average < 0.75 * trained, "teacher \(average), student \(trained)")
      let informed = try pupil.f1("5-con-reg", "con-reg-s0")
      #expect(informed > b1 + 0.01, "con-reg \(informed), b1 \(b1)")
      let (small, frozen) = (
        try pupil.ap("6-reprogramming", "cnn-only-s0"),
        try pupil.ap("6-reprogramming", "reprogram-linear-s0")
      )
      #expect(frozen > small, "reprogrammed \(frozen), cnn-only \(small)")
    }
  }

  /// Forty answers chosen by doubt against forty at random, from the same first network.
  @Test func chosenQuestionsAreWorthMore() throws {
    try Samples.withFolder { folder in
      let session = try Session.read(
        Self.sessions.appendingPathComponent("lessons/7-active-questions"))
      let recipe = try #require(session.runs.first).recipe
      let steps = try LabelSimulation(
        recipe, counts: [40], rules: [.uncertainty, .random], seeds: [0], split: .test,
        executor: RunExecutor(cache: folder.appendingPathComponent("cache")),
        stop: TrainingStop(), progress: { _ in true })()
      func score(_ rule: SuggestionRule) -> Double? {
        steps.last { $0.rule == rule && $0.answers == 40 }?.score
      }
      let (chosen, random) = (try #require(score(.uncertainty)), try #require(score(.random)))
      #expect(chosen > random, "chosen \(chosen), random \(random)")
    }
  }

  @Test func everyLessonAndTheTourHaveTexts() throws {
    let lessons = Self.sessions.appendingPathComponent("lessons")
    let names = try FileManager.default.contentsOfDirectory(atPath: lessons.path)
    #expect(names.count >= 7)
    for name in names {
      let session = try Session.read(lessons.appendingPathComponent(name))
      #expect(session.title.hasPrefix("Lesson \(name.prefix(1)): "))
      let readme = session.folder.appendingPathComponent("README.md")
      #expect(try String(contentsOf: readme, encoding: .utf8).contains("**Try it.**"))
    }
    let tour = try Session.read(Self.sessions.appendingPathComponent("tour"))
    #expect(tour.runs.map(\.recipe.method) == ["b0", "b1", "label-enhancing", "mean-teacher"])
  }
}
