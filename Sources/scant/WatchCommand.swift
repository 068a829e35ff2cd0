import ArgumentParser
import Formats
import Foundation
import Lab
import Output
import Terminal

/// `scant watch DIR`: the workbench on logs that other programs write.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show trainings of other programs: TensorBoard and CSV logs.",
    discussion: """
      DIR is searched as tensorboard --logdir does: each folder with an events.out.tfevents file is
      a run, and so is each table with a column step or epoch (Lightning's metrics.csv, Keras'
      CSVLogger). With one run its curves are followed at once; with several 7 Sessions lists them.
      Nothing is written there. With --sessions runs of scant are listed too, to compare with.
      Without a terminal the logs are listed.

      Examples:
        scant watch lightning_logs
        scant watch training.log
      """)

  @Argument(help: ArgumentHelp("Folder of logs, or one log.", valueName: "dir"))
  var path = "."

  @OptionGroup var options: SessionOptions
  @OptionGroup var screen: ScreenOptions

  func run() throws {
    if screen.hasTerminal, let ending = Launcher.run() { return try ending.report() }
    let configuration = Configuration()
    configuration.complain()
    if try holdsOwn() { return try openOwn(configuration) }
    let watched = WatchedFolder(path)
    let runs = try watched.runs()
    guard !runs.isEmpty else {
      throw LabError(
        "\(path): no logs here; expected events.out.tfevents files, or tables with a column step "
          + "or epoch")
    }
    guard screen.hasTerminal else { return try list(runs) }
    // Exports go where the program was started.
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    let session = Session(name: watched.name, title: "logs", folder: here, runs: [])
    try screen.open(
      session, options.sessions == nil ? [] : options.folders, configuration,
      newSessions: options.home,
      watching: (watched, runs.count == 1 ? runs.first : nil))
  }

  /// Whether it is a run or a session of scant, which has more to show than scalars.
  private func holdsOwn() throws -> Bool {
    let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
    return try StoredFile.exists(folder.recipe)
      || StoredFile.exists(folder.url.appendingPathComponent("session.yaml"))
  }

  private func openOwn(_ configuration: Configuration) throws {
    guard screen.hasTerminal else {
      throw LabError("\(path): a run of scant, and no terminal to show it on; expected one")
    }
    let shown = try ShownRun(path, options, threads: 1)
    try screen.open(
      shown.session, options.folders, configuration, newSessions: options.home,
      showing: shown.recording, following: shown.running)
  }

  private func list(_ runs: [WatchedRun]) throws {
    for run in runs {
      let curves = try run.curves()
      let points = curves.series.values.reduce(0) { $0 + $1.count }
      let noun = curves.series.count == 1 ? "curve" : "curves"
      try Console.shared.print(
        "\(run.name)  \(run.format.rawValue), step \(curves.step), "
          + "\(curves.series.count) \(noun), \(points) points")
      complain(curves)
    }
  }
}

/// What of a log could not be read, to stderr.
func complain(_ curves: RunState) {
  for (_, line) in curves.log where line.level != .info {
    Console.shared.complain("\(curves.run): \(line.text)")
  }
}
