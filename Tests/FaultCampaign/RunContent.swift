// What a finished run amounts to: two runs of one recipe are equal when these are.
import Foundation

/// Weights, optimizer state and position, predictions, scores and every evaluation of the log.
/// What depends on the clock is left out.
struct RunContent: Sendable {
  /// By name of what it belongs to.
  private var parts: [String: String] = [:]
  /// By split, model, epoch and step.
  private var evaluations: [String: String] = [:]
  /// What is wrong with the folder on its own.
  private var problems: [String] = []

  init(reading folder: URL) {
    for name in ["best.safetensors", "last.safetensors"] {
      parts[name] = Self.tensors(folder / name)
    }
    for name in ["predictions.npy", "clips.csv", "recipe.yaml"] {
      parts[name] = (try? Data(contentsOf: folder / name)).map(Self.digest)
    }
    readLog(folder / "events.jsonl")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let halves = names.filter { $0.hasSuffix(".partial") }
    if let half = halves.first { problems.append("half-written files stay, such as \(half)") }
  }

  /// In few words each; empty where nothing was lost.
  func losses(against undisturbed: RunContent) -> [String] {
    let changed = undisturbed.parts.keys.sorted().compactMap { name -> String? in
      guard parts[name] != undisturbed.parts[name] else { return nil }
      return parts[name] == nil ? "no \(name)" : "another \(name)"
    }
    let evaluated = undisturbed.evaluations.keys.sorted().compactMap { key -> String? in
      guard evaluations[key] != undisturbed.evaluations[key] else { return nil }
      return (evaluations[key] == nil ? "no evaluation of " : "another evaluation of ") + key
    }
    return changed + evaluated.prefix(3) + problems
  }

  /// Whether the run is over at all; a campaign without such a reference proves nothing.
  var isWhole: Bool { parts.count == 6 && !evaluations.isEmpty && problems.isEmpty }

  private mutating func readLog(_ url: URL) {
    guard let log = try? Data(contentsOf: url) else { return }
    var last = 0
    for line in log.split(separator: UInt8(ascii: "\n")) {
      guard let event = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else {
        problems.append("a line of events.jsonl cannot be read")
        continue
      }
      let number = event["seq"] as? Int ?? 0
      if number <= last { problems.append("line \(number) of events.jsonl follows \(last)") }
      last = number
      read(event)
    }
  }

  private mutating func read(_ event: [String: Any]) {
    switch event["event"] as? String {
    case "evalEnd":
      let key = ["split", "model", "epoch", "step"].map { "\(event[$0] ?? "")" }
      evaluations[key.joined(separator: " ")] = Self.text(event)
    case "bye":
      parts["scores"] = Self.text(event)
    default: break
    }
  }

  /// Everything but when and how fast.
  private static func text(_ event: [String: Any]) -> String {
    let ofTheClock: Set = ["t", "seq", "seconds", "run", "wall"]
    return json(event.filter { !ofTheClock.contains($0.key) })
  }

  /// Of the tensors and the free text of a safetensors file; nil without a readable one.
  private static func tensors(_ url: URL) -> String? {
    guard let data = try? Data(contentsOf: url), data.count > 8 else { return nil }
    let length = data.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    guard length > 0, length <= data.count - 8,
      let header = try? JSONSerialization.jsonObject(with: data[8..<8 + length]),
      var header = header as? [String: Any]
    else { return nil }
    if var notes = header["__metadata__"] as? [String: Any] {
      if let text = notes["position"] as? String,
        let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
        var position = value as? [String: Any]
      {
        position["wall"] = nil
        notes["position"] = json(position)
      }
      header["__metadata__"] = notes
    }
    // Where numbers lie depends on nothing but the header's own length.
    return json(header) + digest(data[(8 + length)...])
  }

  private static func json(_ value: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  /// FNV-1a of 64-bit words: checkpoints are compared by the thousand.
  private static func digest(_ data: Data) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(data.count)
    data.withUnsafeBytes { bytes in
      var at = 0
      while at + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        hash = (hash ^ word) &* 0x0000_0100_0000_01b3
        hash ^= hash >> 29
        at += 8
      }
      for byte in bytes[at...] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    return String(hash, radix: 16)
  }
}
