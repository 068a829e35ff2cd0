/// How far a long piece of work is: a bar with rate and time left on a terminal, a plain line at
/// most every five seconds elsewhere.
import Canvas
import Downloads
import Foundation
import Output
import Synchronization

final class Meter: Sendable {
  /// Progress: `done` of `total` steps, clips or files.
  struct Reading: Sendable {
    var what: String
    var done: Int
    var total: Int
    /// Done per second.
    var rate: Double?
    /// Seconds left.
    var left: Double?
    /// Behind the numbers, such as "epoch 3/16".
    var note = ""
    /// `done` of `total` is a share of time, not a number of things.
    var isShare = false
    /// `done` and `total` are bytes.
    var isBytes = false
  }

  private struct State {
    /// The first plain line comes after a second: what is quicker needs none.
    var shown = ContinuousClock.now - .seconds(4)
    var what = ""
    var begun: (at: ContinuousClock.Instant, done: Int)?
  }

  private let console: Console
  private let state = Mutex(State())

  init(_ console: Console = .shared) { self.console = console }

  /// Shows progress until the work is interrupted.
  func progress(until interruption: Interruption) -> @Sendable (String, Int, Int) -> Bool {
    { what, done, total in
      self.show(Reading(what: what, done: done, total: total))
      return !interruption.isRaised
    }
  }

  /// Shows the reading if it is time to. Without a rate of its own, the rate since `what` began.
  func show(_ reading: Reading) {
    let now = ContinuousClock.now
    let due = state.withLock { state -> Reading? in
      if state.what != reading.what || state.begun == nil {
        state.what = reading.what
        state.begun = (now, reading.done)
      }
      let pause: Duration = console.isTerminal ? .milliseconds(100) : .seconds(5)
      guard now - state.shown >= pause else { return nil }
      state.shown = now
      return state.begun.map { reading.timed(since: $0.done, seconds: ($0.at.duration(to: now)).s) }
    }
    guard let due else { return }
    if console.isTerminal {
      console.redraw(due.bar(width: console.width, console))
    } else {
      console.say(due.line)
    }
  }
}

extension Meter.Reading {
  fileprivate func timed(since first: Int, seconds: Double) -> Self {
    var reading = self
    if rate == nil, seconds > 0.2, done > first {
      reading.rate = Double(done - first) / seconds
    }
    if left == nil, let rate = reading.rate, rate > 0 {
      reading.left = Double(max(0, total - done)) / rate
    }
    return reading
  }

  private var fraction: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0 }

  private var numbers: [String] {
    guard total > 0 else { return isBytes && done > 0 ? ["\(ByteCount(done))"] : [] }
    var parts = ["\(Int(fraction * 100)) %"]
    if isBytes { parts.append("\(ByteCount(done)) of \(ByteCount(total))") }
    if !isShare, !isBytes { parts.append("\(done)/\(total)") }
    if let rate, rate.isFinite, !isShare {
      parts.append(isBytes ? "\(ByteCount(Int(rate)))/s" : "\(rate.short)/s")
    }
    if let left, left.isFinite { parts.append("\(left.duration) left") }
    if !note.isEmpty { parts.append(note) }
    return parts
  }

  /// `log-mel: 46 %, 1380/3000, 812/s, 2 s left`.
  fileprivate var line: String {
    numbers.isEmpty ? what : "\(what): \(numbers.joined(separator: ", "))"
  }

  /// One line of at most `width − 1` columns; the bar takes what the words leave.
  fileprivate func bar(width: Int, _ console: Console) -> String {
    let what = what.visible.printable
    let words = numbers.joined(separator: "  ").visible.printable
    let room = min(40, width - 1 - what.columns - words.columns - 4)
    let ellipsis: Character = console.usesUnicode ? "…" : "~"
    guard room >= 4, total > 0 else {
      return line.visible.fitted(to: max(0, width - 1), ellipsis: ellipsis)
    }
    let full = Int((fraction * Double(room)).rounded())
    let (on, off) = console.usesUnicode ? ("━", "─") : ("#", "-")
    let ahead = String(repeating: off, count: room - full)
    let dimmed = console.usesColor ? "\u{1B}[2m\(ahead)\u{1B}[0m" : ahead
    return "\(what)  \(String(repeating: on, count: full))\(dimmed)  \(words)"
  }
}

extension Duration {
  /// Seconds.
  var s: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
  /// Seconds as "8 s", "3 min 20 s" or "2 h 05 min".
  var duration: String {
    let seconds = Int(Swift.min(max(0, self), 1e9).rounded(.up))
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(twoDigits(seconds % 60)) s" }
    return "\(seconds / 3600) h \(twoDigits(seconds % 3600 / 60)) min"
  }

  /// About three digits: "812", "12.3", "0.47".
  var short: String { fixed(self >= 100 ? 0 : self >= 10 ? 1 : 2) }

  /// With that number of digits after the point, in any locale.
  func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

private func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
