import ArgumentParser

@main
struct Scant: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "scant")
}
