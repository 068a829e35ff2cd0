/// A disk that is really full: a small one of its own, mounted where nobody else sees it.
import Foundation
import Testing

/// A shell in namespaces of its own, where a tmpfs may be mounted without being root outside.
private enum PrivateMounts {
  static let shell = "unshare -rm sh -c"

  static let areAllowed: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "\(shell) 'mount -t tmpfs tmpfs /mnt' 2>/dev/null"]
    try? process.run()
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }()
}

@Suite(.enabled(if: PrivateMounts.areAllowed, "no tmpfs may be mounted here"))
struct FullDiskTests {
  let scant: Program

  init() throws {
    scant = try Program()
    _ = try ToneFolder(scant.url("tones"))
    try scant.write(
      "study/session.yaml",
      """
      title: Tones
      dataset: { id: folder, root: \(scant.url("tones").path) }
      model: { id: cnn }
      methods: [b1]
      seeds: [0]
      training: { epochs: 24, batch: 4, threads: 1 }
      """)
  }

  /// 300 kilobytes are enough for log and recipe, not for a checkpoint; at 0 nothing starts.
  /// Trains until there is a checkpoint, leaves `room` kilobytes, trains, makes room, trains.
  private func script(room: Int) -> String {
    """
    set -u
    mkdir disk && mount -t tmpfs -o size=16m tmpfs disk || exit 99
    cp -r study disk/study
    last=disk/study/runs/b1-s0/last.safetensors
    $SCANT run disk/study 2>begun.err >begun.out & pid=$!
    until [ -e $last ] || ! kill -0 $pid; do sleep 0.02; done
    kill -TERM $pid; wait $pid; echo begun $?
    free=$(df -k --output=avail disk | tail -n 1)
    dd if=/dev/zero of=disk/ballast bs=1024 count=$((free - \(room))) 2>/dev/null
    cp $last before
    $SCANT run disk/study 2>full.err >full.out; echo full $?
    cmp before $last && echo same
    ls -A disk/study/runs/b1-s0 >files
    rm disk/ballast
    $SCANT run disk/study --json 2>after.err >after.out; echo after $?
    """
  }

  @Test(arguments: [0, 300])
  func fullDiskKeepsTheOldCheckpointAndTheRunResumes(room: Int) throws {
    try scant.write("script.sh", script(room: room))
    let outcome = try scant.shell("\(PrivateMounts.shell) '. ./script.sh'")
    #expect(
      outcome.out.split(separator: "\n") == ["begun 130", "full 1", "same", "after 0"],
      "\(outcome.out) \(outcome.err)")
    let complaints = try text("full.err").split(separator: "\n").filter { $0.hasPrefix("scant: ") }
    #expect(complaints.count == 1, "\(complaints)")
    #expect(complaints.first?.contains("No space left") == true, "\(complaints)")
    // Nothing half-written lies about.
    let known = [".lock", "best.safetensors", "events.jsonl", "last.safetensors", "recipe.yaml"]
    #expect(Set(try text("files").split(separator: "\n").map(String.init)).isSubset(of: known))
    let steps = try text("after.out").split(separator: "\n").compactMap {
      (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["first"] as? Int
    }
    #expect(try #require(steps.min()) > 1)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: scant.url(path), encoding: .utf8)
  }
}
