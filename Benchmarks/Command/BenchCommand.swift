// `scant bench`: how fast this build is, how its time grows, how near its numbers are to others.
import ArgumentParser
import Autograd
import Bench
import Foundation
import Lab
import Output

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scant bench", abstract: "Time the engine, or check it against reference files.",
    subcommands: [
      Train.self, LogMel.self, Classic.self, Score.self, Kernels.self, Scaling.self, Accuracy.self,
      UI.self,
    ])

  static func main() { runOrExit() }

  /// As the figures name this program.
  static let program = "scant \(Build.version)"
}

extension BenchCommand {
  struct Options: ParsableArguments {
    @Option(help: "How long to measure, s, after the warm-up; three repetitions at least.")
    var seconds = 6.0
    @Flag(help: "The last line on stdout is one JSON object.")
    var json = false

    func validate() throws {
      guard seconds > 0, seconds <= 86_400 else {
        throw ValidationError("--seconds \(seconds); expected more than 0, at most 86400")
      }
    }

    func print(_ figures: Figures) throws {
      try Console.shared.print(json ? figures.json : figures.text)
    }
  }

  struct Threads: ParsableArguments {
    @Option(help: "Threads that share the work.")
    var threads = 2

    func validate() throws {
      guard (1...1024).contains(threads) else {
        throw ValidationError("--threads \(threads); expected 1 to 1024")
      }
    }
  }

  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "train", abstract: "Steps of training, or of using a frozen network.",
      discussion: WorkloadCatalog.all.map { "\($0.id): \($0.summary)" }
        .joined(separator: "\n"))

    @Option(help: "\(WorkloadCatalog.list).")
    var workload: String
    @Option(help: "Numbers of matrix products and convolutions: fp32 or bf16.")
    var precision = "fp32"
    @OptionGroup var threads: Threads
    @OptionGroup var options: Options

    func validate() throws { _ = try chosen() }

    func run() throws {
      let (workload, precision) = try chosen()
      try options.print(
        Figures.measure(
          workload, precision: precision, seconds: options.seconds, threads: threads.threads,
          program: program))
    }

    private func chosen() throws -> (any Workload.Type, Precision) {
      guard let type = WorkloadCatalog.find(workload) else {
        throw ValidationError("--workload \(workload): \(WorkloadCatalog.unknown)")
      }
      guard let chosen = type.precisions.first(where: { $0.rawValue == precision }) else {
        let known = type.precisions.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--precision '\(precision)' of \(workload); expected \(known)")
      }
      return (type, chosen)
    }
  }

  struct LogMel: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "logmel", abstract: "A minute of sound to log-mel, on one thread.")
    @OptionGroup var options: Options

    func run() throws {
      try options.print(
        Figures.measure(
          LogMelWorkload.self, seconds: options.seconds, threads: 1, program: program))
    }
  }

  struct Classic: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "classic",
      abstract: "Twenty support vector machines: fitted on 3000 rows, then asked about them.")
    @OptionGroup var threads: Threads
    @OptionGroup var options: Options

    func run() throws {
      try options.print(
        Figures.measure(
          ClassicWorkload.self, seconds: options.seconds, threads: threads.threads,
          program: program))
    }
  }

  struct Score: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "score", abstract: "Average precision and ROC-AUC of 20,000 clips.")
    @OptionGroup var threads: Threads
    @OptionGroup var options: Options

    func run() throws {
      try options.print(
        Figures.measure(
          ScoreWorkload.self, seconds: options.seconds, threads: threads.threads,
          program: program))
    }
  }

  struct Kernels: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "kernels", abstract: "The main kernels on the shapes of the workloads.")
    @Option(
      help: ArgumentHelp(
        "A family; repeatable. All if absent.",
        discussion: KernelFamily.allCases.map(\.rawValue).joined(separator: ", ")))
    var only: [String] = []
    @OptionGroup var threads: Threads
    @OptionGroup var options: Options

    func validate() throws {
      for name in only where KernelFamily(rawValue: name) == nil {
        let known = KernelFamily.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--only '\(name)' is unknown; expected one of \(known)")
      }
    }

    func run() throws {
      let chosen = only.compactMap { KernelFamily(rawValue: $0) }
      let result = KernelTable(
        seconds: options.seconds, threads: threads.threads, program: program,
        families: chosen.isEmpty ? KernelFamily.allCases : chosen)
      if options.json { return try Console.shared.print(result.json) }
      var table = ConsoleTable(KernelTable.header, numbers: [2, 3, 4, 5, 6])
      for row in result.cells { table.append(row) }
      try Console.shared.print(table.text)
    }
  }

  struct Scaling: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "scaling", abstract: "How the time of a step grows with batch and frames.")
    @OptionGroup var threads: Threads
    @OptionGroup var options: Options

    func run() throws {
      let result = ScalingTable(seconds: options.seconds, threads: threads.threads)
      if options.json { return try Console.shared.print(result.json) }
      var table = ConsoleTable(ScalingTable.header, numbers: [2, 3, 4, 5])
      for row in result.cells { table.append(row) }
      try Console.shared.print(table.text)
    }
  }

  struct Accuracy: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "accuracy",
      abstract: "Outputs and gradients against reference files; status 1 where they differ.")

    @Argument(help: "A folder with one folder of reference files for each network.")
    var folder: String
    @Option(help: "Numbers of matrix products and convolutions: fp32 or bf16.")
    var precision = "fp32"
    @OptionGroup var threads: Threads
    @Flag(help: "The last line on stdout is one JSON object.")
    var json = false

    func validate() throws {
      guard Precision(rawValue: precision) != nil else {
        let known = Precision.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--precision '\(precision)' is unknown; expected \(known)")
      }
    }

    func run() throws {
      ThreadPool.configure(threads: threads.threads)
      let report = try AccuracyReport(
        URL(fileURLWithPath: folder), precision: Precision(rawValue: precision) ?? .fp32,
        program: program)
      if json {
        try Console.shared.print(report.json)
      } else {
        var table = ConsoleTable(
          ["network", "worst", "error", "PyTorch's", "allowed", "verdict", "tensor"],
          numbers: [2, 3, 4])
        for row in report.rows { table.append(row) }
        try Console.shared.print(table.text)
      }
      for line in report.verdicts { Console.shared.say(line) }
      if !report.agrees { throw ExitCode.failure }
    }
  }
}
