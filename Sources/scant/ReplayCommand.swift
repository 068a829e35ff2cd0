/// `scant replay RUN`: the workbench fed from a run's event log, or one frame of it as text.
import ArgumentParser
import Canvas
import Formats
import Foundation
import Lab
import Output
import Panes
import Terminal

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Replay a run from its event log, or write one frame of it.",
    discussion: """
      space plays and pauses, . and , step, [ and ] jump to events, left and right seek, # goes to
      a step, D lists what changed since the event before, esc leaves the replay.
      --dump writes one frame of a screen and needs no terminal: a picture in the colours of
      --theme and --color if the file's name ends in .svg, else text. It presses the keys of --keys
      first.

      Examples:
        scant replay runs/b1-s0
        scant replay runs/b1-s0 --screen compare --size 120x40 --dump compare.svg
      """)

  @Argument(
    help: ArgumentHelp("Folder of a run.", valueName: "run"), completion: Completions.runs)
  var path: String

  @Option(
    help: ArgumentHelp(
      "Write one frame as text ('-': stdout) or as FILE.svg.", valueName: "file"))
  var dump: String?

  @Option(help: "Step to show; default: the end of the log.")
  var at: Int?

  @Option(
    name: .customLong("screen"),
    help: ArgumentHelp(
      "Screen for --dump: \(Screen.names.joined(separator: ", ")).", valueName: "name"))
  var place = "train"

  @Option(help: ArgumentHelp("Size of the frame, such as 120x40.", valueName: "width x height"))
  var size = "120x40"

  @OptionGroup var options: SessionOptions
  @OptionGroup var screen: ScreenOptions

  func validate() throws {
    _ = try extent()
    _ = try shownScreen()
    if let at, at < 0 { throw ValidationError("--at \(at); expected a step, 0 or more") }
  }

  func run() throws {
    if dump == nil, screen.hasTerminal, let ending = Launcher.run() {
      return try ending.report()
    }
    let folder = try RunFolder(argument: path)
    let recording = try dump == nil ? Recording(previewing: folder) : Recording(reading: folder)
    if let at, let last = recording.events.map(\.step).max(), at > last {
      throw LabError("\(folder.events.path): no step \(at); expected at most \(last)")
    }
    let session = try Session.holding(folder)
    if let dump { return try write(recording, in: session, to: dump) }
    guard screen.hasTerminal else {
      throw LabError("\(path): no terminal to replay on; expected one, or --dump FILE")
    }
    let configuration = Configuration()
    configuration.complain()
    try screen.open(
      session, shelves(session), configuration, newSessions: options.home, showing: recording,
      at: at)
  }

  /// The folder of the run's session first, so that it is listed.
  private func shelves(_ session: Session) -> [URL] {
    let own = session.folder.deletingLastPathComponent().standardizedFileURL
    return [own] + options.folders.filter { $0.standardizedFileURL != own }
  }

  private func write(_ recording: Recording, in session: Session, to file: String) throws {
    var frame = FrameDump(
      recording, in: session, shelves: shelves(session), screen: try shownScreen(),
      size: try extent())
    let tier = GlyphTier(rawValue: screen.glyphs) ?? .unicode
    if file.hasSuffix(".svg") {
      let picture = try picture(frame, recording, tier)
      return try AtomicFile.write(Data(picture.utf8), to: URL(fileURLWithPath: file))
    }
    let glyphs = GlyphSet(tier: tier, color: tier == .ascii ? .mono : .indexed)
    let text = frame.grid(recording, at: at, glyphs, keys: try script()).lines
      .joined(separator: "\n")
    guard file != "-" else { return try Console.shared.print(text) }
    try AtomicFile.write(Data((text + "\n").utf8), to: URL(fileURLWithPath: file))
  }

  /// In the theme that was asked for, `dark` without.
  private func picture(
    _ frame: FrameDump, _ recording: Recording, _ tier: GlyphTier
  ) throws -> String {
    var frame = frame
    let color = ColorTier(rawValue: screen.color) ?? .direct
    let appearance = try Appearance(theme: screen.theme ?? "dark")
    let glyphs = appearance.glyphs(best: tier, color: color)
    return SVGFrame(appearance.theme, color).text(
      of: frame.grid(recording, at: at, glyphs, keys: try script()))
  }

  private func script() throws -> KeyScript? { try screen.keys.map { try KeyScript(file: $0) } }

  private func shownScreen() throws -> Screen {
    guard let screen = Screen(name: place) else {
      throw ValidationError(
        "--screen '\(place)'; expected one of \(Screen.names.joined(separator: ", "))")
    }
    return screen
  }

  private func extent() throws -> (width: Int, height: Int) {
    let parts = size.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      (1...500).contains(width), (1...200).contains(height)
    else {
      throw ValidationError("--size '\(size)'; expected WIDTHxHEIGHT such as 120x40, to 500x200")
    }
    return (width, height)
  }
}
