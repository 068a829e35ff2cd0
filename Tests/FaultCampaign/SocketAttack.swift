// What somebody may send to the control socket of a run.
import Foundation

struct SocketAttack: Sendable {
  let name: String
  /// The connections that stay open until the next proper question is answered.
  let perform: @Sendable (URL) -> [ControlPeer]

  static let written = lines + manners

  /// Bytes or a command with numbers of all sizes; nothing that stops the run.
  static func chosen(_ chance: inout Chance) -> SocketAttack {
    switch chance.below(4) {
    case 0: return sending("chance bytes", chance.bytes(1 + chance.below(4000)) + [0x0a])
    case 1:
      let line = Mutation.text(
        Array("{\"command\":\"planStepBack\",\"count\":3}\n".utf8), others: [], &chance)
      return sending("a damaged command", line + [0x0a])
    case 2: return chance.pick(written)
    default:
      let command = chance.pick(["step", "planStepBack", "stepBack", "checkpoint", "pause"])
      let count = chance.pick(["0", "1", "2", "-1", "9223372036854775807", "1e400", "0.5"])
      let unit = chance.pick(["batch", "epoch", "phase", "x"])
      let line = "{\"command\":\"\(command)\",\"count\":\(count),\"unit\":\"\(unit)\"}\n"
      return sending(line.trimmingCharacters(in: .newlines), Array(line.utf8))
    }
  }

  private static func sending(_ name: String, _ bytes: [UInt8]) -> SocketAttack {
    SocketAttack(name: name) { run in
      guard let peer = ControlPeer(run) else { return [] }
      peer.send(bytes)
      _ = peer.answer(within: 20)
      return []
    }
  }

  private static func sending(_ name: String, _ text: String) -> SocketAttack {
    sending(name, Array(text.utf8))
  }

  private static let lines: [SocketAttack] = [
    sending("empty lines", "\n\n\n"),
    sending("no text", [0xff, 0xfe, 0, 0x80, 0x0a]),
    sending("nested objects", String(repeating: "{\"a\":", count: 40_000) + "\n"),
    sending("nested arrays", String(repeating: "[", count: 200_000) + "\n"),
    sending("a line of 300 kB", String(repeating: "x", count: 300_000) + "\n"),
    sending("a line without end", String(repeating: "x", count: 300_000)),
    sending("NUL in a command", "{\"command\":\"pause\\u0000\"}\n"),
    sending("bad UTF-8", Array("{\"command\":\"".utf8) + [0xff, 0xc0] + Array("\"}\n".utf8)),
    sending("an infinite count", "{\"command\":\"stepBack\",\"count\":1e400}\n"),
    sending("the least count", "{\"command\":\"planStepBack\",\"count\":-9223372036854775808}\n"),
    sending("a far step back", "{\"command\":\"stepBack\",\"count\":9223372036854775807}\n"),
    sending(
      "strange clips", "{\"command\":\"predict\",\"clips\":[\"../../etc/passwd\",\"c00.wav\"]}\n"),
    sending(
      "eight thousand clips",
      "{\"command\":\"predict\",\"clips\":["
        + Array(repeating: "\"x\"", count: 8000).joined(separator: ",") + "]}\n"),
    sending("fifty commands at once", String(repeating: "{\"command\":\"pause\"}\n", count: 50)),
  ]

  private static let manners: [SocketAttack] = [
    SocketAttack(name: "half a command, then gone") { run in
      ControlPeer(run)?.send("{\"command\":\"pa")
      return []
    },
    SocketAttack(name: "a hundred connections, gone at once") { run in
      for _ in 0..<100 { _ = ControlPeer(run) }
      return []
    },
    SocketAttack(name: "answers that nobody reads") { run in
      guard let peer = ControlPeer(run) else { return [] }
      let many = Array(String(repeating: "{\"command\":\"nope\"}\n", count: 500).utf8)
      for _ in 0..<40 where peer.send(many) {}
      return [peer]
    },
    SocketAttack(name: "a command byte by byte") { run in
      guard let peer = ControlPeer(run) else { return [] }
      for byte in "{\"command\":\"pause\"}\n".utf8 {
        peer.send([byte])
        usleep(1000)
      }
      return [peer]
    },
    SocketAttack(name: "sixteen silent connections") { run in
      (0..<16).compactMap { _ in ControlPeer(run) }
    },
    SocketAttack(name: "thirty half commands that stay") { run in
      let peers = (0..<30).compactMap { _ in ControlPeer(run) }
      for peer in peers { peer.send("{\"command\"") }
      return peers
    },
  ]
}
