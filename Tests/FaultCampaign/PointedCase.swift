// Files made to hurt: what chance would take too long to find.
import Foundation

struct PointedCase: Sendable {
  let name: String
  /// Makes the file in a folder and says how it is read.
  let probe: @Sendable (URL, MutantSeeds) throws -> MutantTarget.Probe

  static let all =
    aliases + shapes.map(array) + tensors.map { tensor($0.name, $0.header) } + controls
    + nestings + sounds

  private static func file(
    _ name: String, _ path: String, _ text: String,
    _ arguments: @escaping @Sendable (URL, MutantSeeds) -> [String]
  ) -> PointedCase {
    PointedCase(name: name) { folder, seeds in
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return .init(arguments: arguments(folder, seeds))
    }
  }

  // MARK: YAML

  /// 140 × 140 × 140 entries out of five thousand characters.
  private static let bomb: String = {
    let keys = { (value: String) in (0..<140).map { "    k\($0): \(value)" } }
    let levels = (1...2).flatMap { ["  a\($0): &a\($0)"] + keys("*a\($0 - 1)") }
    return (["training:", "  a0: &a0"] + keys("1") + levels).joined(separator: "\n") + "\n"
  }()

  private static let session = """
    title: t
    dataset: { id: band }
    model: { id: cnn }
    methods: [b1]

    """

  private static let aliases = [
    file("aliases in session.yaml", "session.yaml", session + bomb) { folder, _ in
      ["table", folder.path]
    },
    file("aliases in a session nearby", "near/session.yaml", session + bomb) { folder, _ in
      ["sessions", "--sessions", folder.path]
    },
    PointedCase(name: "aliases in config.yaml") { folder, seeds in
      try FileManager.default.createDirectory(
        at: folder / "scant", withIntermediateDirectories: true)
      try Data(bomb.utf8).write(to: folder / "scant" / "config.yaml")
      return .init(
        arguments: ["predict", seeds.finished.path, (seeds.work.tones / "c00.wav").path],
        settings: ["XDG_CONFIG_HOME": folder.path])
    },
    PointedCase(name: "aliases in recipe.yaml") { folder, seeds in
      let run = try seeds.copy(seeds.finished, to: folder, with: "recipe.yaml", Array(bomb.utf8))
      return .init(arguments: ["replay", run.path, "--dump", "-", "--screen", "method"])
    },
  ]

  private static let nestings = [
    file(
      "nested YAML", "session.yaml",
      "title: " + String(repeating: "[", count: 50_000) + "\n"
    ) { folder, _ in ["table", folder.path] },
    PointedCase(name: "nested JSON in events.jsonl") { folder, seeds in
      let line = String(repeating: "[", count: 200_000) + "\n"
      let run = try seeds.copy(seeds.finished, to: folder, with: "events.jsonl", Array(line.utf8))
      return .init(arguments: ["replay", run.path, "--dump", "-"])
    },
  ]

  // MARK: sizes that overflow

  private static let shapes = [
    "2305843009213693952,", "1152921504606846976,", "2147483648, 2147483648",
    "3, 4611686018427387904", "9223372036854775807, 9223372036854775807", "0, 9223372036854775807",
    "-1,", "99999999999999999999,",
  ]

  private static func array(_ shape: String) -> PointedCase {
    PointedCase(name: "shape (\(shape)) in .npy") { folder, _ in
      let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(shape)), }\n"
      let size = [UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)]
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0] + size + Array(header.utf8)
      try Data(bytes + [UInt8](repeating: 0, count: 64)).write(to: folder / "a.npy")
      return .init(arguments: ["weights", "inspect", (folder / "a.npy").path])
    }
  }

  private static func header(_ shape: String, to end: String, from start: String = "0") -> String {
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}}"
  }

  private static let tensors: [(name: String, header: String)] = [
    ("overflowing shape", header("4294967296,4294967296", to: "8")),
    ("empty shape with a size", header("0,9223372036854775807", to: "0")),
    (
      "offsets that overflow",
      header("1", to: "9223372036854775807", from: "9223372036854775807")
    ),
    (
      "20,000 dimensions",
      header(Array(repeating: "1", count: 20_000).joined(separator: ","), to: "4")
    ),
    (
      "control bytes in a name",
      header("1", to: "4").replacingOccurrences(of: "\"a\"", with: "\"a\\u001b[2J\\u0007\"")
    ),
  ]

  private static func tensor(_ name: String, _ header: String) -> PointedCase {
    PointedCase(name: "\(name) in .safetensors") { folder, _ in
      let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
      let bytes = length + Array(header.utf8) + [0, 0, 0x80, 0x3f]
      try Data(bytes).write(to: folder / "a.safetensors")
      return .init(arguments: ["weights", "inspect", (folder / "a.safetensors").path])
    }
  }

  // MARK: what a terminal would obey

  /// Clears the screen, rings, sets a title by C1 and turns the writing round.
  private static let strange = "x\u{1b}[2J\u{7}\u{9b}31m\u{202e}y"
  private static let quoted = "\"x\\e[2J\\a\\x9b31m\\u202ey\""

  private static let controls = [
    file(
      "control bytes in a title", "session.yaml",
      session.replacingOccurrences(of: "title: t", with: "title: \(quoted)")
    ) { folder, _ in ["table", folder.path] },
    file(
      "control bytes in a value", "session.yaml", session + "seeds: [\(quoted)]\n"
    ) { folder, _ in ["table", folder.path] },
    file(
      "control bytes in classes and names", "labels.csv",
      "filename,split,\(strange)\n\(strange).wav,train,1\nother.wav,test,0\n"
    ) { folder, _ in ["data", "check", folder.path] },
    file("control bytes in a theme", "theme.yaml", "name: \(quoted)\n\(quoted): 1\n") {
      folder, _ in ["theme", "check", (folder / "theme.yaml").path]
    },
    file("control bytes in YAML itself", "session.yaml", session + strange + ": [\n") {
      folder, _ in ["table", folder.path]
    },
  ]

  // MARK: sounds

  private static let sounds = [
    ("4 GiB", 40, 0xffff_ffff), ("no channel", 22, 0), ("4 GHz", 24, 0xffff_ffff),
    ("no rate", 24, 0), ("blocks of nothing", 32, 0),
  ].map { name, place, value in
    PointedCase(name: "\(name) in the header of a WAV file") { folder, seeds in
      var bytes = [UInt8](try Data(contentsOf: seeds.work.tones / "c00.wav"))
      let width = place == 22 || place == 32 ? 2 : 4
      for at in 0..<width { bytes[place + at] = UInt8(truncatingIfNeeded: value >> (8 * at)) }
      try Data(bytes).write(to: folder / "a.wav")
      return .init(arguments: ["predict", seeds.finished.path, (folder / "a.wav").path])
    }
  }
}
