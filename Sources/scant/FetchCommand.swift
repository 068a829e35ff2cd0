/// `scant fetch`: downloads a published data set or pre-trained weights, when asked to.
import ArgumentParser
import Datasets
import Downloads
import Formats
import Foundation
import Models
import Output

struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a published data set or pre-trained weights.",
    discussion: """
      Without an id, lists what can be downloaded. Nothing is downloaded unless you ask for it here.
      An interrupted download goes on where it stopped. Proxies and certificates are those of curl.

      Examples:
        scant fetch
        scant fetch mn04
        scant fetch magnatagatune --part labels --dry-run
        scant fetch esc50 --yes --to /data/ESC-50
      """)

  @Argument(help: "Id of a data set or extractor.", completion: Completions.releases)
  var id: String?

  @Option(
    help: ArgumentHelp(
      "Part to download, such as labels; repeatable. Default: the usual ones.", valueName: "name"))
  var part: [String] = []

  @Option(
    help: ArgumentHelp(
      "Folder for the files; default: where Scant looks for them.", valueName: "dir"))
  var to: String?

  @Option(
    help: ArgumentHelp(
      "Address or folder of a mirror of your own with the same files.", valueName: "url"))
  var from: String?

  @Flag(help: "Show what would be downloaded, and stop.") var dryRun = false
  @Flag(name: [.short, .long], help: "Download without asking.") var yes = false
  @Flag(help: "Write JSON to stdout.") var json = false

  func validate() throws {
    guard id == nil, !part.isEmpty || to != nil || from != nil || dryRun || yes else { return }
    throw ValidationError("no id; expected one of \(Self.ids)")
  }

  func run() throws {
    guard let id else { return try list() }
    guard let release = ReleaseTable.release(id) else {
      throw Problem(id, "nothing to download; expected one of \(Self.ids)")
    }
    let plan = try FetchPlan(release, parts: part, to: folder(release), from: from)
    let outline = FetchOutline(plan)
    if dryRun { return try json ? Console.shared.print(json: outline) : show(outline) }
    let isPresent = try plan.parts.allSatisfy { try $0.isPresent(in: plan.folder) }
    var files: [FetchedFile] = []
    if isPresent {
      Console.shared.say(
        "\(id) is already in \(plan.folder.relativePath); remove it there to download it again")
    } else {
      try ask(plan, outline)
      files = try fetch(plan)
    }
    try FetchCheck(plan, files).report(json: json)
  }

  private static var ids: String { ReleaseTable.all.map(\.id).joined(separator: ", ") }

  /// Of a flag, the environment, config.yaml and the user's data folder, the first one; but where
  /// a part of the release was found, the others join it.
  private func folder(_ release: Release) throws -> URL {
    if let to { return URL(fileURLWithPath: to, isDirectory: true) }
    switch release.kind {
    case .data: return try DatasetFolder.found(release.id) ?? DatasetFolder.home(release.id)
    case .weights:
      return try ExtractorCatalog.folder(for: release.id)
        ?? ExtractorCatalog.folders(for: release.id)[0]
    }
  }

  private func list() throws {
    let entries = try ReleaseTable.all.map { try FetchListing($0) }
    if json { return try Console.shared.print(json: entries) }
    var table = ConsoleTable(["id", "what it is", "download", "licence", "here"])
    for entry in entries {
      table.append([entry.id, entry.title, entry.size, entry.licence, entry.state])
    }
    try Console.shared.print(table.text)
  }

  private func show(_ outline: FetchOutline) throws { try Console.shared.print(outline.text) }

  /// Throws `Problem` if nobody is there to ask, and `ExitCode.failure` after a no.
  private func ask(_ plan: FetchPlan, _ outline: FetchOutline) throws {
    Console.shared.say(outline.text)
    if yes { return }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw Problem(
        plan.release.id, "not downloaded, as nobody is at a terminal to say yes; expected --yes")
    }
    FileHandle.standardError.write(Data("Download \(outline.size)? [y/N] ".utf8))
    guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
      Console.shared.say("nothing was downloaded")
      throw ExitCode.failure
    }
  }

  private func fetch(_ plan: FetchPlan) throws -> [FetchedFile] {
    let interruption = Interruption(saying: "stopping; what is downloaded is kept")
    let meter = Meter()
    return try Fetcher(plan) { what, done, total in
      let isUnpacking = what.hasPrefix("unpacking ")
      meter.show(
        Meter.Reading(what: what, done: done, total: total, isBytes: !isUnpacking))
      return !interruption.isRaised
    }.run()
  }
}
