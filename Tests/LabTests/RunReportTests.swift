// A finished run's predictions meet the labels of its clips, whichever of the two files is damaged.
import Formats
import Foundation
import Lab
import Metrics
import TestSupport
import Testing

@Suite struct RunReportTests {
  /// Runs `body` with a copy of a finished run whose data set lies beside it.
  private func withRun(_ body: (RunFolder, RunExecutor) throws -> Void) throws {
    try Samples.withFolder { home in
      let copy = home.appendingPathComponent("earlier")
      try FileManager.default.copyItem(
        at: SharedData.packageRoot.appendingPathComponent("Tests/Fixtures/0.1.0"), to: copy)
      let session = try Session.read(copy)
      let run = try #require(session.runs.first { $0.recipe.method == "b1" })
      let folder = session.runFolder(run)
      try Data(run.recipe.yaml().utf8).write(to: folder.recipe)
      try body(folder, RunExecutor(cache: home.appendingPathComponent("cache")))
    }
  }

  @Test func predictionsMeetTheirLabels() throws {
    try withRun { folder, executor in
      let report = try executor.report(folder)
      let stored = try NPY.read(folder.predictions)
      #expect(report.labelled.scores == stored.values && report.run == folder.name)
      #expect(report.labelled.clips == 4 && report.lostClips == 0)
      #expect(report.labelled.classes == report.classes.count)
      #expect(report.labelled.scored > 0 && !report.isCalibrated)
      #expect(report.thresholds == report.classes.map { _ in 0.5 })
      _ = try ClassReport(report.labelled, class: 0)
    }
  }

  /// Builds before 0.2 kept the student's predictions of every method; the logged tests tell.
  @Test func theNetworkIsThatOfThePredictions() throws {
    try withRun { folder, executor in
      let labelled = try executor.report(folder).labelled
      let here = try #require(try score(labelled).values[.apMacro])
      func test(_ model: String, _ value: Double) throws -> EvalEnd {
        try JSONDecoder().decode(
          EvalEnd.self,
          from: Data(
            """
            {"split":"test","model":"\(model)","seconds":1,"metrics":{"ap-macro":\(value)},
            "perClass":[],"scored":4,"entries":8}
            """.utf8))
      }
      let student = [try test("student", here), try test("teacher", here - 0.1)]
      let teacher = [try test("student", here - 0.1), try test("teacher", here)]
      #expect(try RunReport.network(of: labelled, among: student, result: "teacher") == "student")
      #expect(try RunReport.network(of: labelled, among: teacher, result: "teacher") == "teacher")
      #expect(try RunReport.network(of: labelled, among: [], result: "teacher") == "teacher")
    }
  }

  @Test func clipsThatAreGoneAreCounted() throws {
    try withRun { folder, executor in
      try Data("clip\ntest-0.wav\ngone.wav\ntest-2.wav\ntest-3.wav\n".utf8).write(to: folder.clips)
      let report = try executor.report(folder)
      #expect(report.labelled.clips == 3 && report.lostClips == 1)
    }
  }

  @Test func damagedFilesAreOneLine() throws {
    try withRun { folder, executor in
      try Data("clip\ntest-0.wav\n".utf8).write(to: folder.clips)
      let shape = #expect(throws: Problem.self) { try executor.report(folder) }
      #expect(shape.map { "\($0)".contains("expected [1, ") } == true)
      try FileManager.default.removeItem(at: folder.predictions)
      let absent = #expect(throws: Problem.self) { try executor.report(folder) }
      #expect(absent.map { "\($0)".contains("no test predictions") } == true)
    }
  }

  @Test func thresholdsAreThoseOfTheRawProbabilities() throws {
    let labelled = try LabelledScores(
      scores: (0..<40).map { [Float($0) / 40] }, targets: (0..<40).map { [$0 > 15 ? 1 : 0] },
      observed: (0..<40).map { _ in [true] })
    let calibration = try #require(Calibration(fitting: labelled))
    let report = RunReport(
      run: "b1", classes: ["flute"], labelled: labelled, calibration: calibration)
    let scaled = calibration.calibrated(labelled.scores).map { $0 >= calibration.thresholds[0] }
    #expect(try report.decisions() == scaled && report.isCalibrated)
  }
}
