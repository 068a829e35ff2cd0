// What `scant compare` prints and keeps at its end: the verdict.
import Canvas
import Formats
import Foundation
import Lab
import Output
import Panes

struct ComparisonOutput {
  let verdict: Verdict
  let record: ComparisonRecord
  /// Of the comparison's session.
  let folder: URL

  /// The verdict beside the session, as JSON; and on stdout, as text or as the same JSON.
  func write(json: Bool) throws {
    let file = folder.appendingPathComponent("verdict.json")
    let data = try verdict.json()
    try AtomicFile.write(data, to: file)
    let console = Console.shared
    if json {
      try console.print(jsonText: String(decoding: data, as: UTF8.self))
    } else {
      for line in record.leftOut { console.say("left out: \(line)") }
      let glyphs: GlyphSet = console.usesUnicode ? .unicode : .ascii
      let text = VerdictText(verdict, width: console.outputWidth, glyphs: glyphs)
      try console.print(text.lines)
    }
    console.say("\(record.used.duration) of \(record.budget.text); \(file.fromHere)")
  }
}
