// ESC-50's layout: folds, classes, validation by recording. The real ESC-10 where it lies beside.
import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct ESC50Tests {
  /// Three folds of two classes; recordings of one to three takes.
  private func layout(_ scratch: Scratch) throws {
    var rows = "filename,fold,target,category,esc10,src_file,take\n"
    for fold in 1...3 {
      for take in 0..<6 {
        let (target, category) = take.isMultiple(of: 2) ? (7, "cat") : (2, "rain")
        let name = "\(fold)-\(take)-A-\(target).wav"
        try scratch.tone("audio/\(name)", hertz: 200 + 50 * Double(take), seconds: 0.25)
        rows += "\(name),\(fold),\(target),\(category),True,\(fold)\(target)\(take / 4),A\n"
      }
    }
    try scratch.text("meta/esc50.csv", rows)
  }

  @Test func readsFoldsClassesAndGroups() throws {
    let scratch = try Scratch()
    try layout(scratch)
    #expect(try DatasetCatalog.recognize(scratch.url) == "esc50")
    let set = try ESC50(DatasetSettings(root: scratch.url))
    #expect(set.classes == ["rain", "cat"])
    #expect(set.isSingleLabel)
    #expect(set.seconds == 0.25)
    #expect(set.clips(in: .test).allSatisfy { $0.id.hasPrefix("3-") })
    #expect(set.clips.count == 18 && set.clips(in: .test).count == 6)
    #expect(set.clips.allSatisfy { $0.labels.compactMap { $0 }.reduce(0, +) == 1 })
    let first = try ESC50(DatasetSettings(root: scratch.url, testFold: 1))
    #expect(first.clips(in: .test).allSatisfy { $0.id.hasPrefix("1-") })
    #expect(first.digest != set.digest)
  }

  @Test func theCheckSaysWhatWasUnderstood() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let lines = try DataCheck.report("esc50", DatasetSettings(root: scratch.url)).summary
    try #require(lines.count == 5)
    #expect(lines[0] == "clips       18 from 18 sound files of up to 0.25 s")
    #expect(lines[1] == "groups      12 (clips of one recording are a group)")
    #expect(lines[2] == "classes     2: rain, cat (laid out like ESC-50)")
    #expect(lines[3].contains("; test 6 clips, 100 % observed, 3 positive a class; a fold is the"))
    #expect(lines[4] == "unlabelled  no clip")
  }

  @Test func invalidFoldersAreReported() throws {
    let scratch = try Scratch()
    try layout(scratch)
    let table = scratch.url.appendingPathComponent("meta/esc50.csv").path
    #expect(
      message { _ = try ESC50(DatasetSettings(root: scratch.url, testFold: 9)) }
        == "\(table): fold 9 to test on among 1, 2, 3; expected one of two or more")
    let header = "filename,fold,target,category\n"
    for (row, expected) in [
      ("1-0-A-7.wav,one,0,dog", "\(table):2: fold \"one\"; expected a whole number"),
      ("1-0-A-7.wav,1,0,", "\(table):2: no category for 1-0-A-7.wav; expected a class name"),
    ] {
      try scratch.text("meta/esc50.csv", header + row + "\n")
      #expect(message { _ = try ESC50(DatasetSettings(root: scratch.url)) } == expected)
    }
    try scratch.text("meta/esc50.csv", header + "x.wav,1,0,dog\n1-0-A-7.wav,2,0,cat\n")
    #expect(
      try ESC50(DatasetSettings(root: scratch.url)).problems.first
        == "skipped \(table):2: no file \"x.wav\"; expected a sound file under "
        + "\(scratch.url.path)/audio")
    try scratch.text("meta/esc50.csv", "filename,label\n")
    #expect(
      message { _ = try ESC50(DatasetSettings(root: scratch.url)) }
        .hasSuffix("no meta/*.csv with filename, fold and category; expected ESC-50's layout"))
  }

  @Test(.enabled(if: SharedData.isPresent, "shared data absent"))
  func esc10HasItsKnownLayout() throws {
    let root = SharedData.data("audio/esc10")
    let set = try ESC50(DatasetSettings(root: root))
    #expect(set.clips.count == 320)
    #expect(
      set.classes == [
        "dog", "rooster", "rain", "sea_waves", "crackling_fire", "crying_baby", "sneezing",
        "clock_tick", "helicopter", "chainsaw",
      ])
    #expect(set.problems == [])
    #expect(set.title == "ESC-10")
    // Four of the clips were not cut to 5 s.
    #expect(set.clips.count { abs($0.seconds - 5) > 0.1 } == 4)
    #expect(set.seconds == 5)
    #expect(set.clips(in: .test).count == 80)
    let validation = set.clips(in: .validation)
    #expect(abs(validation.count - 36) <= 6)
    for k in 0..<10 { #expect((2...5).contains(validation.count { $0.labels[k] == 1 })) }
    expectNoCrossing(set.clips)
    #expect(try ESC50(DatasetSettings(root: root)).clips == set.clips)
    #expect(try ESC50(DatasetSettings(root: root, seed: 2)).clips != set.clips)
  }

  private func expectNoCrossing(_ clips: [Clip]) {
    for (group, members) in Dictionary(grouping: clips, by: \.group) {
      #expect(Set(members.map(\.split)).count == 1, "recording \(group ?? "")")
    }
  }
}
