// A small data set: two dozen clips of half a second, three classes of tones, some labels missing.
import Foundation

enum Tones {
  static let rate = 16_000
  static let classes = ["low", "mid", "high"]
  static let clipCount = 24

  /// 16 clips to train on, four for validation, four to test on.
  static func write(to folder: URL) throws {
    var chance = Chance(seed: 7, campaign: "tones", case: 0)
    var rows = ["filename,split," + classes.joined(separator: ",")]
    var places: [String: Int] = [:]
    for index in 0..<clipCount {
      let split = index % 6 < 4 ? "train" : index % 6 == 4 ? "validation" : "test"
      let place = places[split, default: 0]
      places[split] = place + 1
      // Every class is there and absent in every split, so that every score is defined.
      let present = [place % 2 == 1, place / 2 % 2 == 1, (place + 1) / 2 % 2 == 1]
      let name = "c\(index < 10 ? "0" : "")\(index).wav"
      let samples = samples(present, phase: chance.share(), noise: &chance)
      try Data(wave(samples)).write(to: folder / name)
      let cells = present.map { split == "train" && chance.below(10) < 3 ? "" : $0 ? "1" : "0" }
      rows.append("\(name),\(split)," + cells.joined(separator: ","))
    }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: folder / "labels.csv")
  }

  static func samples(
    _ present: [Bool], phase: Double, noise: inout Chance, seconds: Double = 0.5
  ) -> [Float] {
    (0..<Int(Double(rate) * seconds)).map { n in
      let time = 2 * Double.pi * Double(n) / Double(rate)
      var value = 0.02 * (noise.share() - 0.5)
      for (frequency, isPresent) in zip([220.0, 660, 1980], present) where isPresent {
        value += 0.2 * sin(frequency * time + 6 * phase)
      }
      return Float(value)
    }
  }

  /// A WAV file of 16 bits, one channel.
  static func wave(_ samples: [Float]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let body = samples.flatMap { little(Int($0 * 32_767), 2) }
    return Array("RIFF".utf8) + little(36 + body.count, 4) + Array("WAVEfmt ".utf8)
      + little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4) + little(2 * rate, 4)
      + little(2, 2) + little(16, 2) + Array("data".utf8) + little(body.count, 4) + body
  }
}
