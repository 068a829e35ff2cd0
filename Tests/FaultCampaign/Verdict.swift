// What a program may not do with a file, whatever is in it.
import Foundation

enum Verdict {
  /// Memory that no small file has reason to take.
  static let mostMiB = 256

  /// Nil where the program behaved: it read the file, or said in words what is wrong with it.
  static func loss(_ ending: Ending, showsOutput: Bool = true) -> String? {
    if ending.isHang { return "does not end" }
    if ending.isSignalled { return "ends by signal \(ending.status - 128)" }
    if ending.status > 130 { return "ends with status \(ending.status)" }
    if ending.peakMiB > mostMiB { return "takes \(ending.peakMiB) MiB" }
    if let raw = rawErrors.first(where: { ending.err.contains($0) }) { return "says '\(raw)'" }
    if ending.status != 0, ending.err.isEmpty, ending.out.isEmpty { return "ends without a word" }
    let shown = showsOutput ? ending.err + ending.out : ending.err
    if let scalar = shown.unicodeScalars.first(where: isObeyed) {
      return "writes U+\(String(scalar.value, radix: 16, uppercase: true)) to the terminal"
    }
    return nil
  }

  private static let rawErrors = [
    "Fatal error", "Error Domain", "NSCocoa", "operation could not be completed", "couldn’t be",
  ]

  /// C0 without the ends of lines and tabulators, DEL, C1, and what turns the writing round.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: false
    case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
