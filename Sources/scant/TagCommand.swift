/// `scant tag AUDIO…`: what AudioSet's classes say of sound files, without any training.
import Acoustics
import ArgumentParser
import Foundation
import Models
import Output

struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Tag sound files with AudioSet classes; no training.",
    discussion: """
      Scores are probabilities, averaged over the segments of a file. The network is the first of \
      \(ids) whose weights are present. A file that cannot be read is reported on stderr; the \
      others are tagged.

      --classes proposes AudioSet tags for the classes of your own data by their names, and writes \
      them to tags.csv in its session. Only confirmed tags are used: as guesses of missing labels \
      in scant suggest and on 4 Clips.

      Examples:
        scant tag recording.wav --top 3
        scant tag --classes my-sounds --confirm
      """)

  private static var ids: String {
    SoundTagger.extractors.map { $0.card.id }.joined(separator: ", ")
  }

  @Argument(help: "Sound files.")
  var audio: [String] = []

  @Option(
    help: ArgumentHelp(
      "Propose tags for the classes of this data.", valueName: "folder|session"))
  var classes: String?

  @Flag(help: "With --classes: confirm all proposals that are not declined.")
  var confirm = false

  @Option(name: .customLong("by"), help: ArgumentHelp("Id of the network.", valueName: "extractor"))
  var id: String?

  @Option(help: ArgumentHelp("Number of tags per file.", valueName: "n"))
  var top = 5

  @Option(help: ArgumentHelp("Folder of the network's weights.", valueName: "dir"))
  var weights: String?

  @Flag(help: "Write one JSON document with the same tags to stdout.")
  var json = false

  @OptionGroup var options: SessionOptions

  func validate() throws {
    guard audio.isEmpty != (classes == nil) else {
      throw ValidationError("no sound file; expected some, or --classes alone")
    }
    if confirm, classes == nil {
      throw ValidationError("--confirm belongs to --classes; expected --classes FOLDER --confirm")
    }
    guard top > 0 else { throw ValidationError("--top \(top) shows nothing; expected 1 or more") }
    if let id, !SoundTagger.extractors.contains(where: { $0.card.id == id }) {
      throw ValidationError("--by \(id) has no tags; expected one of \(Self.ids)")
    }
    if weights != nil, id == nil {
      throw ValidationError("--weights belongs to a network; expected --by, one of \(Self.ids)")
    }
  }

  func run() throws {
    let interruption = Interruption()
    let meter = Meter()
    let id = try id ?? SoundTagger.present()
    let tagger = try SoundTagger(id, root: weights.map { URL(fileURLWithPath: $0) })
    if let classes {
      return try TagClasses(classes, options)(tagger.classes, confirm: confirm)
    }
    var (files, failures) = ([Report.File](), 0)
    for (index, path) in audio.enumerated() {
      if interruption.isRaised { throw CancellationError() }
      meter.show(Meter.Reading(what: "Tagging", done: index, total: audio.count))
      do { files.append(try Self.tags(of: path, tagger, top: top)) } catch {
        failures += 1
        Console.shared.complain(sentence(for: error))
      }
    }
    let report = Report(extractor: id, files: files)
    if json {
      try Console.shared.print(json: report)
    } else if !files.isEmpty {
      try Console.shared.print(report.text)
    }
    if failures > 0 { throw ExitCode.failure }
  }

  /// The object of `--json`, and the table without it.
  private struct Report: Encodable {
    struct File: Encodable {
      let file: String
      let tags: [Tag]
    }
    struct Tag: Encodable {
      let name: String
      let score: Float
    }

    let extractor: String
    let files: [File]

    var text: String {
      var table = ConsoleTable(["file", "tag", "score"], numbers: [2])
      for file in files {
        for (rank, tag) in file.tags.enumerated() {
          table.append([rank == 0 ? file.file : "", tag.name, Double(tag.score).fixed(3)])
        }
      }
      return table.text
    }
  }

  /// The `top` classes, the likeliest first; errors name the file.
  private static func tags(
    of path: String, _ tagger: SoundTagger, top: Int
  ) throws -> Report.File {
    let scores: [Float]
    do {
      scores = try tagger(try AudioFile.read(URL(fileURLWithPath: path)))
    } catch let error as AudioError where error.file.isEmpty {
      throw AudioError(file: path, reason: error.reason)
    }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    return Report.File(
      file: path,
      tags: order.prefix(top).map { .init(name: tagger.classes[$0], score: scores[$0]) })
  }
}
