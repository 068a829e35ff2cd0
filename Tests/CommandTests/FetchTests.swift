/// `scant fetch` against a server on this machine.
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct FetchTests {
  let scant: Program

  init() throws { scant = try Program() }

  private func ids(_ outcome: Outcome, _ isWanted: ([String: Any]) -> Bool = { _ in true }) throws
    -> Set<String>
  {
    let entries = try #require(try outcome.json() as? [[String: Any]])
    return Set(entries.filter(isWanted).compactMap { $0["id"] as? String })
  }

  @Test func listNamesDataSetsAndExtractors() throws {
    let list = try scant("fetch", "--json")
    let data = try ids(list) { $0["kind"] as? String == "data" }
    let weights = try ids(list) { $0["kind"] as? String == "weights" }
    #expect(data.isSubset(of: try ids(scant("datasets", "--json"))) && data.count == 7)
    #expect(weights.isSubset(of: try ids(scant("extractors", "--json"))) && weights.count == 7)
    let text = try scant("fetch")
    #expect(text.status == 0 && text.out.contains("openmic2018") && text.out.contains("2.6 GB"))
    #expect(text.out.contains("CC BY-NC 3.0"))
  }

  @Test func nothingIsDownloadedUnlessAskedFor() throws {
    let server = try LocalServer { _ in LocalServer.Answer(404) }
    let unasked = try scant("fetch", "mn04", "--from", server.address)
    #expect(unasked.status == 1 && unasked.out.isEmpty)
    #expect(unasked.complaints.last?.hasSuffix("to say yes; expected --yes") == true)
    #expect(unasked.err.contains("licence: MIT") && unasked.err.contains("over 4.1 MB into"))
    let dry = try scant("fetch", "mn04", "--dry-run", "--yes", "--from", server.address)
    #expect(dry.status == 0 && dry.out.contains("\(server.address)/mn04_as_mAP_432.pt"))
    #expect(dry.out.contains("sha256 899a8c6217063f69") && dry.out.contains("first download's"))
    #expect(server.requests.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: scant.url(".local").path))
  }

  @Test(arguments: [
    (["fetch", "tuba"], "tuba: nothing to download; expected one of openmic2018, sonyc-ust-v2"),
    (["fetch", "kwt1", "--yes"], "kwt1: cannot be fetched: its authors publish a TensorFlow"),
    (["fetch", "esc50", "--part", "x"], "esc50: no part 'x'; expected one of all"),
    (["train", "--dataset", "fsd50k"], "to download it: scant fetch fsd50k"),
    (["embed", "ast", "x.wav", "--out", "x.npy"], "to download it: scant fetch ast"),
  ]) func errorsAreOneLine(_ arguments: [String], _ words: String) throws {
    let outcome = try scant.finish(scant.start(arguments))
    #expect(outcome.status == 1 && outcome.out.isEmpty)
    #expect(outcome.errorLines.count == 1 && outcome.err.contains(words), "\(outcome.err)")
  }

  /// A copy that mirdata unpacked is found in the last place, and not downloaded again.
  @Test func foldersOfOtherProgramsAreFound() throws {
    let home = "mir_datasets/mtg_jamendo_autotagging_moodtheme/metadata/data/splits/split-0"
    let header = "TRACK_ID\tARTIST_ID\tALBUM_ID\tPATH\tDURATION\tTAGS\n"
    for (number, split) in ["train", "validation", "test"].enumerated() {
      let row = "\(number)\ta\(number)\tb\t0/\(number).mp3\t60\tgenre---rock\tgenre---jazz\n"
      try scant.write("\(home)/autotagging_top50tags-\(split).tsv", header + row)
    }
    let check = try scant("data", "check", "mtg-jamendo")
    #expect(check.out.contains("moodtheme: as published"), "\(check.out)\(check.err)")
    let fetch = try scant("fetch", "mtg-jamendo")
    #expect(fetch.status == 0 && fetch.err.contains("is already in"), "\(fetch.err)")
    let own = "data/mtg-jamendo/splits/split-0/autotagging_top50tags-train.tsv"
    try scant.write(own, header)
    let closer = try scant.shell("SCANT_DATA=$PWD/data $SCANT data check mtg-jamendo")
    #expect(closer.status == 1 && !closer.out.contains("mir_datasets"), "\(closer.out)")
  }

  @Test func optionsWithoutAnIdAreWrongUsage() throws {
    #expect(try scant("fetch", "--yes").status == 64)
  }

  /// The published files, over a connection that breaks off.
  @Test(.enabled(if: SharedData.isPresent, "no real weights beside the checkout"))
  func weightsAreFetchedAndFound() throws {
    let isFirst = Mutex(true)
    let server = try LocalServer { request in
      let name = request.target.split(separator: "/").last.map(String.init) ?? ""
      let file = SharedData.data("weights/mn04/\(name)")
      guard let bytes = try? Data(contentsOf: file) else { return LocalServer.Answer(404) }
      var answer = LocalServer.Answer.file(Array(bytes), request)
      answer.cut = isFirst.withLock { first in
        defer { first = false }
        return first ? 1_000_000 : nil
      }
      return answer
    }
    let fetched = try scant("fetch", "mn04", "--yes", "--from", server.address)
    #expect(fetched.status == 0, "\(fetched.err)")
    #expect(fetched.out.contains("mn04_as_mAP_432.pt: pytorch, 312 tensors"))
    #expect(fetched.err.contains("sha256 899a8c6217063f6941793102a2780b3dd788ab11fce468d9c"))
    #expect(fetched.err.contains("as published") && fetched.err.contains("recorded, as its"))
    #expect(server.requests.map(\.start) == [nil, 1_000_000, nil])
    let ledger = try String(
      contentsOf: scant.url(".local/state/scant/fetched.tsv"), encoding: .utf8)
    #expect(ledger.hasPrefix("mn04/class_labels_indices.csv\tcdd1049833c4b861"))
    let again = try scant("fetch", "mn04", "--json", "--from", server.address)
    #expect(again.status == 0 && again.err.contains("mn04 is already in"))
    #expect(server.requests.count == 3)
    let listed = try scant("extractors", "--json")
    #expect(listed.out.contains("scant/weights/mn04"))
  }

  @Test func wrongFilesAreNotInstalled() throws {
    let server = try LocalServer { .file(Array("sign in first".utf8), $0) }
    let outcome = try scant("fetch", "mn04", "--yes", "--from", server.address, "--to", "here")
    #expect(outcome.status == 1)
    #expect(outcome.complaints.last?.contains("differs; expected sha256 899a8c62") == true)
    #expect(!FileManager.default.fileExists(atPath: scant.url("here").path))
  }

  /// Ctrl-C leaves a part, with which the next call goes on.
  @Test func interruptedDownloadIsResumed() throws {
    let server = try LocalServer { request in
      var answer = LocalServer.Answer.file([UInt8](repeating: 7, count: 4_066_513), request)
      (answer.cut, answer.stalls) = (1_000_000, true)
      return answer
    }
    let running = try scant.start([
      "fetch", "mn04", "--yes", "--from", server.address, "--to", "here",
    ])
    let part = scant.url(".here.fetch/mn04_as_mAP_432.pt.part").path
    let size = {
      let attributes = try? FileManager.default.attributesOfItem(atPath: part)
      return attributes?[.size] as? Int ?? 0
    }
    let end = Date().addingTimeInterval(20)
    while Date() < end, size() < 500_000 { usleep(20_000) }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try scant.finish(running)
    #expect(outcome.status == 130)
    #expect(outcome.err.contains("stopping; what is downloaded is kept (once more: stop at once)"))
    #expect(size() >= 500_000)
    #expect(!FileManager.default.fileExists(atPath: scant.url("here").path))
  }
}
