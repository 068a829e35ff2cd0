// FluidSynth: the library and the SoundFont of this machine, and a synthesizer that renders stems.
import CFluidSynth
import Formats
import Foundation

/// The SoundFont that Band is rendered with.
package struct SoundFont: Sendable, Equatable {
  package let url: URL
  /// A digest of the file's content and of FluidSynth's version, which both change the sound.
  let digest: String

  /// Whether it is the SoundFont that Band is composed for. With others a class may sound
  /// different.
  var isExpected: Bool { url.lastPathComponent == "TimGM6mb.sf2" }

  /// `$SCANT_SOUNDFONT`, otherwise TimGM6mb in the folders of Linux distributions, otherwise their
  /// default SoundFont. Throws `Problem`.
  package static func find(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> SoundFont {
    guard scant_fluid_load() != 0 else {
      throw Problem(
        "band", "libfluidsynth.so.3 is missing; install the package libfluidsynth3")
    }
    let url = try locate(environment["SCANT_SOUNDFONT"])
    // FluidSynth passes files of other formats to libraries that write to stderr.
    var content: [UInt8] = []
    guard try StoredFile.pieces(of: url.path, { content += $0 }),
      content.prefix(4).elementsEqual("RIFF".utf8),
      content.dropFirst(8).prefix(4).elementsEqual("sfbk".utf8)
    else { throw Problem(url.path, "cannot be read; expected a SoundFont (.sf2)") }
    let digest = Fingerprint(of: content).adding(String(cString: scant_fluid_version()))
    return SoundFont(url: url, digest: digest.text)
  }

  private static func locate(_ named: String?) throws -> URL {
    if let named, !named.isEmpty {
      guard try StoredFile.kind(named) != nil else {
        throw Problem(named, "no such SoundFont; SCANT_SOUNDFONT should name an .sf2 file")
      }
      return URL(fileURLWithPath: named)
    }
    let paths = ["TimGM6mb.sf2", "default-GM.sf2"].flatMap { name in
      folders.map { "\($0)/\(name)" }
    }
    guard let path = try paths.first(where: { try StoredFile.kind($0) != nil }) else {
      throw Problem(
        "band",
        "no SoundFont at \(paths[0]); install the package timgm6mb-soundfont or set "
          + "SCANT_SOUNDFONT")
    }
    return URL(fileURLWithPath: path)
  }

  private static let folders = [
    "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/sounds/sf2",
  ]
}

/// Renders stems at 32 kHz on one thread.
final class Synthesizer {
  static let sampleRate = 32_000
  /// Notes start and end at multiples of this number of samples.
  static let block = 64
  /// Safe: freed only by `deinit`, and used by one thread, since the class is not Sendable.
  private let handle: OpaquePointer
  private let font: SoundFont

  init(_ font: SoundFont) throws {
    guard let handle = scant_synth_new(font.url.path, Int32(Synthesizer.sampleRate)) else {
      throw Problem(font.url.path, "FluidSynth cannot read it; expected a SoundFont (.sf2)")
    }
    self.handle = handle
    self.font = font
  }

  deinit { scant_synth_free(handle) }

  /// `blocks` · 64 samples, the mean of both channels, independent of earlier calls.
  func render(_ stem: BandStem, blocks: Int) throws -> [Float] {
    var timbre = scant_timbre(
      bank: Int32(stem.bank), program: Int32(stem.program), bend: Int32(stem.bend),
      reverb_send: Int32(stem.reverbSend))
    let notes = stem.notes.map(Synthesizer.event)
    var samples = [Float](repeating: 0, count: blocks * Synthesizer.block)
    let succeeded = scant_synth_render(
      handle, &timbre, notes, Int32(notes.count), &samples, Int32(blocks))
    guard succeeded != 0 else {
      throw Problem(
        font.url.path, "has no program \(stem.program) in bank \(stem.bank); expected TimGM6mb")
    }
    return samples
  }

  private static func event(_ note: BandStem.Note) -> scant_note {
    let onset = block(at: note.onset)
    return scant_note(
      onset: onset, release: max(onset + 1, block(at: note.release)), key: Int32(note.key),
      velocity: Int32(note.velocity))
  }

  private static func block(at seconds: Double) -> Int32 {
    Int32((seconds * Double(sampleRate) / Double(block)).rounded())
  }
}
