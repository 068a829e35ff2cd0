import ArgumentParser
import Formats
import Foundation
import Lab
import Output
import Panes

/// The program: which commands there are, and how every error becomes one line and a status.
@main
struct Scant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scant",
    abstract: "A terminal workbench for audio classification with scarce labels.",
    discussion: """
      Without a command, scant opens the workbench. Without a terminal, it trains the session.
      Exit status: 0 success, 1 failure, 64 wrong usage, 130 interrupted after a checkpoint.

      Examples:
        scant                       the workbench, with a tour at the first start
        scant my-sounds             the workbench on a folder of sounds
        scant compare my-sounds     which method is best on that folder
      """,
    version: "scant \(Build.version)",
    subcommands: [
      OpenCommand.self, NewCommand.self, CompareCommand.self, TrainSessionCommand.self,
      TrainCommand.self,
      EvaluateCommand.self, PredictCommand.self, SuggestCommand.self, EmbedCommand.self,
      TagCommand.self, TableCommand.self, ReportCommand.self, ExportCommand.self,
      ReplayCommand.self, WatchCommand.self,
      DataCommand.self, FeaturesCommand.self, WeightsCommand.self, DatasetsCommand.self,
      ModelsCommand.self, ExtractorsCommand.self, MethodsCommand.self, MetricsCommand.self,
      SessionsCommand.self, ReproduceCommand.self, NoteCommand.self, EventsCommand.self,
      CardCommand.self, CiteCommand.self,
      BenchLauncher.self,
      PretrainCommand.self, ThemeCommand.self,
      FetchCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  static func main() {
    StandardStreams.occupy()
    SystemLimits.check()
    runOrExit(prepare: useConfiguredFolders)
  }

  /// Their problems are reported, and they are not read.
  private static func useConfiguredFolders() {
    let folders = FolderConfiguration(Preferences.file())
    for problem in folders.problems { Console.shared.complain(problem) }
    folders.apply()
  }
}

/// Our own errors are a sentence already; for Foundation's: the file and the system's words.
func sentence(for error: any Error) -> String { SystemWords.sentence(error) }

/// A person's `config.yaml` as the workbench uses it: read at the start, and written when a choice
/// changes. A problem in it is reported once and has no other effect.
struct Configuration {
  private let file: URL
  let preferences: Preferences
  let keymap: Keymap
  /// `FILE:LINE: what is wrong; what was expected`.
  let problems: [String]
  /// Whether the file does not exist: it is written when the workbench is first left.
  let isFirstStart: Bool

  init(file: URL = Preferences.file()) {
    self.file = file
    // What cannot be looked at is there.
    isFirstStart = (try? StoredFile.exists(file)) == false
    preferences = Preferences(reading: file)
    let keys = Keymap.remapped(preferences.keys, file: file.path)
    keymap = keys.keymap
    problems = preferences.problems + keys.problems
  }

  /// All problems, to stderr.
  func complain() {
    for problem in problems { Console.shared.complain(problem) }
  }

  /// For the screen, where there is room for one.
  var remark: String? {
    guard let first = problems.first else { return nil }
    return problems.count == 1 ? first : "\(first) (and \(problems.count - 1) more, on stderr)"
  }

  /// Changes the file, on top of what another workbench may have written meanwhile. Returns why
  /// that is not possible.
  func remember(_ change: (inout Preferences) -> Void) -> String? {
    var fresh = Preferences(reading: file)
    change(&fresh)
    do { try fresh.remember(in: file) } catch { return sentence(for: error) }
    return nil
  }
}

/// Limits of the shell (`ulimit`) below which libraries trap or wait for ever: said at once.
enum SystemLimits {
  /// Descriptors that a training takes at the same time, with room for threads' own.
  static let files: UInt = 32
  /// Bytes of addresses beyond those the program starts with.
  static let addresses: UInt = 256 << 20

  /// Ends the program with one line if a limit is too low to work with. Without the ordinary
  /// way out: what libraries do there hangs for want of the same.
  static func check() {
    guard let problem = tooFewFiles() ?? tooFewAddresses() else { return }
    Console.shared.complain(problem)
    _exit(ExitCode.failure.rawValue)
  }

  /// A low limit that may be raised is raised.
  private static func tooFewFiles() -> String? {
    guard var limit = limit(of: RLIMIT_NOFILE), limit.rlim_cur < files else { return nil }
    let asked = limit.rlim_cur
    limit.rlim_cur = min(limit.rlim_max, 256)
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    if limit.rlim_cur >= files, setrlimit(kind, &limit) == 0 { return nil }
    return "only \(asked) files may be open at a time (ulimit -n); expected \(files) or more"
  }

  /// Without addresses the libraries of linear algebra and of threads ask again for ever.
  private static func tooFewAddresses() -> String? {
    guard let limit = limit(of: RLIMIT_AS), limit.rlim_cur < UInt.max / 2 else { return nil }
    let needed = taken + addresses
    guard limit.rlim_cur < needed else { return nil }
    return "only \(limit.rlim_cur >> 20) MiB of addresses are allowed (ulimit -v); expected "
      + "\(needed >> 20) or more"
  }

  /// Bytes of addresses in use.
  private static var taken: UInt {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return 0 }
    return UInt(strtoul(line, nil, 10)) * UInt(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func limit(of kind: __rlimit_resource) -> rlimit? {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0 ? limit : nil
  }
}

/// `scant bench`: starts the benchmarks, which are a program of their own beside this one.
struct BenchLauncher: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure speed, or compare results with reference files.",
    discussion: """
      Example:
        scant bench train --workload cnn
      """)

  @Argument(parsing: .captureForPassthrough, help: "See 'scant bench --help'.")
  var arguments: [String] = []

  private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("scant-bench")

  func run() throws {
    let words = ([Self.program.path] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    // The array ends in nil, as execv asks for; it returns only where it fails.
    execv(Self.program.path, words + [nil])
    throw Problem(
      Self.program.path,
      "\(SystemWords.of(errno)); expected the benchmarks there: "
        + "swift build -c release --product scant-bench")
  }
}
