/// How the workbench is left: with the training, or without it.
import Foundation
import Lab
import Output
import Panes
import Terminal

extension WorkbenchShell {
  /// Ctrl-C, TERM and HUP: a checkpoint, then out.
  func end(by signal: Int32) {
    engine.send(.shutDown)
    status = signal == SIGINT ? 130 : 128 + signal
  }

  /// Gives the terminal back first, so that it is right whatever the engine still has to do.
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
    let left = bench.layout.stored(on: bench.screen)
    if left != configuration.preferences.layout {
      // Without a home to keep it in, a layout is not worth a word.
      _ = configuration.remember { $0.layout = left }
    }
  }
}
