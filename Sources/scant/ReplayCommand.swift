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
    commandName: "replay", abstract: "Show a run again from its event log.",
    discussion: """
      space plays, . and , step, [ and ] jump to events, left and right seek; esc leaves the replay.
      # goes to a step, d says what changed since the event before.
      With --dump one frame of a screen is written without a terminal: as a picture if the file's
      name ends in .svg, in the colours of --theme and --color, else as text. The keys of --keys are
      pressed before.
      """)

  @Argument(help: ArgumentHelp("The folder of a run.", valueName: "run"))
  var path: String

  @Option(
    help: ArgumentHelp(
      "Write one frame as text ('-': to stdout), or as FILE.svg.", valueName: "file"))
  var dump: String?

  @Option(help: "The step to show; the end of the log without.")
  var at: Int?

  @Option(
    name: .customLong("screen"),
    help: ArgumentHelp(
      "The screen of --dump: \(Screen.names.joined(separator: ", ")).", valueName: "name"))
  var place = "train"

  @Option(help: ArgumentHelp("Of the frame, such as 120x40.", valueName: "width x height"))
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
