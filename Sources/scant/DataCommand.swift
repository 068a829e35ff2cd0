/// `scant data render`: the built-in data set into the cache. `scant data check`: DataCheckCommand.
import ArgumentParser
import Datasets
import Foundation
import Output

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Check or prepare data.", subcommands: [Check.self, Render.self])

  struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "render", abstract: "Render the built-in data set into the cache.")

    @Option(help: ArgumentHelp("Clips in all; the set's own number if absent.", valueName: "n"))
    var clips: Int?

    @Option(help: ArgumentHelp("Seed of the composition.", valueName: "n"))
    var seed = 1

    @Option(help: ArgumentHelp("Clip length in seconds.", valueName: "s"))
    var seconds: Double?

    @Option(help: ArgumentHelp("Threads; one a core if absent.", valueName: "n"))
    var threads: Int?

    func validate() throws {
      if let clips, !(1...1_000_000).contains(clips) {
        throw ValidationError("--clips \(clips) is out of range; expected 1…1000000")
      }
      if let seconds, !(0.1...600).contains(seconds) {
        throw ValidationError("--seconds \(seconds) is out of range; expected 0.1…600")
      }
      if let threads, !(1...256).contains(threads) {
        throw ValidationError("--threads \(threads) is out of range; expected 1…256")
      }
    }

    func run() throws {
      let interruption = Interruption()
      let meter = Meter()
      let settings = DatasetSettings(
        clips: clips, seconds: seconds, seed: seed, threads: threads)
      let dataset = try DatasetCatalog.open("band", settings) { what, done, total in
        meter.show(Meter.Reading(what: what, done: done, total: total))
        return !interruption.isRaised
      }
      var table = TextTable(["split", "clips"], numbers: [1])
      for split in Split.allCases {
        table.append([split.rawValue, "\(dataset.clips.count { $0.split == split })"])
      }
      try Console.shared.print(table.text)
      for problem in dataset.problems { Console.shared.complain(problem) }
    }
  }
}
