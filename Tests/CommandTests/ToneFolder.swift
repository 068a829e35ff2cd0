/// A tiny folder data set: clips of one second, low and high tones, both or neither.
import Acoustics
import Foundation

struct ToneFolder {
  let url: URL
  static let classes = ["low", "high"]

  /// 16 training clips, 4 for validation, 4 to test on.
  init(_ url: URL) throws {
    self.url = url
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    var lines = ["filename,split,low,high"]
    for index in 0..<24 {
      let split = index < 16 ? "train" : index < 20 ? "validation" : "test"
      let (low, high) = (index % 2, index / 2 % 2)
      let name = "tone\(index).wav"
      let sound = Self.tone(low: low == 1, high: high == 1, phase: Double(index))
      try AudioFile.write(sound, to: url.appendingPathComponent(name))
      lines.append("\(name),\(split),\(low),\(high)")
    }
    try write(lines)
  }

  var labels: URL { url.appendingPathComponent("labels.csv") }

  func write(_ lines: [String]) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: labels)
  }

  func lines() throws -> [String] {
    try String(contentsOf: labels, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func tone(low: Bool, high: Bool, phase: Double) -> Waveform {
    let samples = (0..<16_000).map { n -> Float in
      let t = 2 * .pi * Double(n) / 16_000
      let deep = low ? 0.3 * sin(300 * t + phase) : 0
      let sharp = high ? 0.3 * sin(3000 * t + phase) : 0
      return Float(0.001 * sin(1000 * t + phase) + deep + sharp)
    }
    return Waveform(samples: samples, sampleRate: 16_000)
  }
}

extension Program {
  /// A session of runs of `cnn` on tones, which are made for the first of them. `training` holds
  /// settings as a session has them; the default takes long enough to be watched, stopped and left.
  func writeTones(
    session: String, methods: String = "b1", training: String = "epochs: 20000, batch: 8"
  ) throws {
    let tones = url("tones")
    if !FileManager.default.fileExists(atPath: tones.path) { _ = try ToneFolder(tones) }
    try write(
      "\(session)/session.yaml",
      """
      title: \(session)
      dataset: { id: folder, root: \(tones.path) }
      model: { id: cnn }
      methods: [\(methods)]
      seeds: [0]
      training: { \(training) }
      """)
  }
}
