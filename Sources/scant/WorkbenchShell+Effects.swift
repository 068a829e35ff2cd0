import Acoustics
import Canvas
import Foundation
import Lab
import Output
import Panes
import Terminal

/// Carries out the effects of the workbench: files, sounds, clipboard, the terminal.
extension WorkbenchShell {
  func perform(_ effect: Effect) {
    switch effect {
    case .engine: break  // sent already
    case .quit: status = 0
    case .detach: detaches = true
    case .suspend: suspend()
    case .play(let file): play(file)
    case .stopPlaying: player?.stop()
    case .showTheme(let name): show(theme: name)
    case .keepTheme(let name): keep(theme: name)
    case .cycleGlyphs, .cycleColor: change(effect)
    case .redraw: curses.redraw()
    case .export(let form, let file): export(form.text(bench.run.series), to: file)
    case .write(let text, let file): export(text, to: file)
    case .writeFrame(let file):
      export(frame().lines.map { $0 + "\n" }.joined(), to: file)
    case .writeCast(let file):
      var cast = newCast()
      cast.add(frame(), at: 0)
      export(cast.text, to: file)
    case .recordCast(let file): record(file)
    case .copy(let text, let file): copy(text, file)
    case .notify(let text): notify(text)
    }
  }

  /// A theme that cannot be read leaves the present one, and the reason is shown.
  private func show(theme name: String) {
    bench.themes.problem = appearance.show(name)
    bench.themes.current = appearance.name
  }

  private func keep(theme name: String) {
    show(theme: name)
    if let problem = bench.themes.problem { return bench.say(problem, isWarning: true) }
    let failure = configuration.remember { $0.theme = name }
    bench.say(["theme \(name)", failure].compactMap(\.self).joined(separator: "; "))
  }

  /// The next glyphs or colours; remembered.
  private func change(_ effect: Effect) {
    let words: String
    var failure: String?
    switch effect {
    case .cycleGlyphs:
      let name = appearance.cycleGlyphs(best: curses.glyphs)
      words = "glyphs \(name)"
      failure = configuration.remember { $0.glyphs = name }
    default:
      let name = curses.cycleColor().rawValue
      words = "colours \(name)"
      failure = configuration.remember { $0.color = name }
    }
    bench.say([words, failure].compactMap(\.self).joined(separator: "; "))
  }

  // MARK: files

  private func export(_ text: String, to file: String) {
    do {
      let path = try Exports(session: engine.sessionFolder).write(text, to: file)
      bench.say("wrote \(path)")
    } catch {
      bench.say(sentence(for: error), isWarning: true)
    }
  }

  private func newCast() -> Asciicast {
    let (width, height) = curses.size
    return Asciicast(
      appearance.palette(curses.color), width: width, height: height, title: bench.subject)
  }

  /// From the first press to the second every frame is kept.
  private func record(_ file: String) {
    guard let cast else {
      cast = newCast()
      return bench.say("recording frames; E r ends it and writes the file")
    }
    self.cast = nil
    export(cast.text, to: file)
  }

  /// As the configuration asks for; silent without it.
  private func notify(_ text: String) {
    switch configuration.preferences.notify {
    case "bell"?: curses.ring()
    case "desktop"?: curses.notify(text.visible)
    default: break
    }
  }

  private func copy(_ text: String, _ file: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
    guard curses.copy(text) else { return export(text + "\n", to: file) }
    bench.say("\(lines == 1 ? text : "\(lines) lines") copied, if the terminal lets programs copy")
  }

  // MARK: sound and terminal

  /// Training stops with the process; the workbench says so when it is back.
  func suspend() {
    curses.suspend()
    fit()
    bench.say("continued; training was stopped meanwhile")
  }

  private func play(_ file: String) {
    player?.stop()
    player = Player()
    guard let player else {
      bench.say("no player found; expected aplay, paplay or ffplay on PATH", isWarning: true)
      return
    }
    do { try player.play(URL(fileURLWithPath: file)) } catch {
      bench.say("\(error)", isWarning: true)
    }
  }
}

/// Leaving the workbench: the training ends, or continues without a screen.
extension WorkbenchShell {
  /// Ctrl-C, TERM and HUP: a checkpoint, then out.
  func end(by signal: Int32) {
    engine.send(.shutDown)
    status = signal == SIGINT ? 130 : 128 + signal
  }

  /// Restores the terminal first, so that it is usable while the engine finishes.
  func close() {
    leaveTerminal()
    engine.send(.shutDown)
    if !engine.waitUntilIdle(seconds: 10) {
      Console.shared.complain("the run did not stop in time; its last checkpoint stands")
    }
  }

  /// Goes on without terminal and screen until all is trained. Another workbench may attach.
  func goOn() {
    leaveTerminal()
    let again = "\(CommandLine.arguments.first ?? "scant") \(bench.sessionName ?? "")"
    Console.shared.say(
      "training goes on as process \(getpid()); '\(again)' shows it again, kill -TERM \(getpid()) "
        + "stops it with a checkpoint")
    Launcher.detach(log: RedirectedStreams.log())
    do { serve(try Signals()) } catch { _ = engine.waitUntilIdle(seconds: 1e9) }
  }

  /// Nobody reads the messages any more; a signal to end is still heard.
  private func serve(_ signals: borrowing Signals) {
    while !engine.isIdle {
      _ = engine.mailbox.drain()
      if signals.wait(seconds: 0.5).contains(where: { $0 == SIGTERM || $0 == SIGINT }) {
        engine.send(.shutDown)
      }
    }
  }

  private func leaveTerminal() {
    player?.stop()
    curses.stop()
    streams.restore()
    var left = bench.layout.stored(on: bench.screen)
    left.columns = bench.chosenColumns
    if left != configuration.preferences.layout {
      // Without a home to keep it in, a layout is not worth a word.
      _ = configuration.remember { $0.layout = left }
    }
  }
}
