// How much memory the program has held at most.
import Foundation

public enum PeakMemory {
  /// The largest resident set of this process so far, MiB; nil where the system does not say.
  public static var mebibytes: Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    return mebibytes(inStatus: status)
  }

  /// The value of the line `VmHWM:   123456 kB`.
  package static func mebibytes(inStatus status: String) -> Double? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap {
      Double($0)
    }
    return kibibytes.map { $0 / 1024 }
  }
}
