import ArgumentParser
import Canvas
import Formats
import Foundation
import Lab
import Output
import Terminal

/// `scant [SESSION]`: the workbench where there is a terminal, the session without a screen where
/// there is none.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench (the default command).",
    discussion: """
      Examples:
        scant open band-missing-labels
        scant open my-sounds --theme light
      """)

  @Argument(
    help: "Name, folder or session.yaml of a session; a folder of sounds; or the folder of a run.",
    completion: Completions.subjects)
  var session: String?

  @OptionGroup var options: SessionOptions

  @OptionGroup var screen: ScreenOptions

  func run() throws {
    if screen.hasTerminal, let ending = Launcher.run() { return try ending.report() }
    let configuration = Configuration()
    configuration.complain()
    // With a terminal no thread may be made before signals are blocked.
    let shown = try shown()
    guard screen.hasTerminal else { return try SessionRun(session: shown.session)() }
    try screen.open(
      shown.session, options.folders, configuration, newSessions: options.home,
      showing: shown.recording, following: shown.running, offersStart: session == nil)
  }

  /// A word that is nothing else may be a misspelt command.
  private func shown() throws -> ShownRun {
    do {
      return try ShownRun(session, options, threads: screen.hasTerminal ? 1 : nil)
    } catch let error as RecipeError where error.key == session && error.file == nil {
      let commands = Scant.configuration.subcommands.compactMap { $0.configuration.commandName }
      guard let session, let command = RecipeError.nearest(session, among: commands) else {
        throw error
      }
      throw ValidationError(
        "'\(session)' is no command, session or folder; did you mean 'scant \(command)'?")
    }
  }
}

/// The session that `scant [SESSION | RUN]` shows, with a run of it that another process trains or,
/// if a run was named, that run's recording.
struct ShownRun {
  let session: Session
  private(set) var running: RunFolder?
  private(set) var recording: Recording?

  init(_ name: String?, _ options: SessionOptions, threads: Int?) throws {
    guard let name, let folder = try Self.run(name) else {
      session = try options.findOrMake(name, threads: threads, needsLabels: false)
      running = try session.running()
      return
    }
    session = try Session.holding(folder)
    if try folder.isTraining() {
      running = folder
    } else {
      recording = try Recording(reading: folder)
    }
  }

  /// A folder that holds a run and no session.
  private static func run(_ path: String) throws -> RunFolder? {
    let folder = RunFolder(URL(fileURLWithPath: path, isDirectory: true))
    let session = folder.url.appendingPathComponent("session.yaml")
    guard try !StoredFile.exists(session) else { return nil }
    return try folder.holdsRun || folder.isTraining() ? folder : nil
  }
}

extension Launcher.Ending {
  /// The second process's status as this one's; a death of it is said, in one line.
  func report() throws {
    if let signal {
      let name = String(cString: strsignal(signal))
      Console.shared.complain(
        "ended by signal \(signal) (\(name)); see \(RedirectedStreams.file.path)")
    }
    try ExitCode(status).throwUnlessDone()
  }
}

extension ExitCode {
  func throwUnlessDone() throws {
    if self != .success { throw self }
  }
}

/// How the workbench looks and which keys it is given, for every command that opens it.
struct ScreenOptions: ParsableArguments {
  @Option(help: "Name or file of a theme.")
  var theme: String?

  @Option(help: "Characters: auto, unicode, block or ascii.")
  var glyphs: String = "auto"

  @Option(help: "Colours: auto, mono, 16, 256 or direct.")
  var color: String = "auto"

  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false

  @Flag(help: "Draw spectrograms in half blocks, even where the terminal can draw pixels.")
  var noImages = false

  @Option(help: ArgumentHelp("Press the keys in this file first, one per line.", valueName: "file"))
  var keys: String?

  /// For `scant bench ui`: a line for every frame sent.
  @Option(name: .customLong("frame-marks"), help: .hidden)
  var frameMarks: Int32?

  func validate() throws {
    if glyphs != "auto", GlyphTier(rawValue: glyphs) == nil {
      throw ValidationError("--glyphs '\(glyphs)'; expected auto, unicode, block or ascii")
    }
    if color != "auto", ColorTier(rawValue: color) == nil {
      throw ValidationError("--color '\(color)'; expected auto, mono, 16, 256 or direct")
    }
  }

  /// A flag, then the environment (`NO_COLOR`, `CLICOLOR`), then what is remembered.
  func cursesOptions(
    _ appearance: Appearance, _ remembered: Preferences = Preferences()
  ) -> Curses.Options {
    let environment = ProcessInfo.processInfo.environment
    let refusesColor = !(environment["NO_COLOR"] ?? "").isEmpty || environment["CLICOLOR"] == "0"
    return Curses.Options(
      color: ColorTier(rawValue: color)
        ?? (refusesColor ? nil : remembered.color.flatMap(ColorTier.init)),
      glyphs: GlyphTier(rawValue: glyphs) ?? remembered.glyphs.flatMap(GlyphTier.init),
      themeGlyphs: appearance.theme.preferredTier, mouse: !noMouse,
      asksBackground: appearance.isAutomatic,
      drawsImages: !noImages && remembered.images != "off")
  }

  /// Runs the workbench until the person leaves it.
  func open(
    _ session: Session, _ shelves: [URL], _ configuration: Configuration, newSessions: URL,
    showing recording: Recording? = nil, at step: Int? = nil, following run: RunFolder? = nil,
    offersStart: Bool = false, watching logs: (folder: WatchedFolder, run: WatchedRun?)? = nil
  ) throws {
    // First of all: threads made later inherit which signals are blocked.
    Signals.block()
    let script = try keys.map { try KeyScript(file: $0) }
    let appearance = try Appearance(theme: theme, remembered: configuration.preferences.theme)
    let shell = try WorkbenchShell(
      session: session, shelves: shelves, newSessions: newSessions, appearance: appearance,
      options: cursesOptions(appearance, configuration.preferences), script: script,
      configuration: configuration, showing: recording, at: step, following: run,
      offersStart: offersStart && configuration.isFirstStart && script == nil,
      guides: SessionOptions.guides, watching: logs, marks: frameMarks)
    try ExitCode(shell.run()).throwUnlessDone()
  }

  var hasTerminal: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }
}
