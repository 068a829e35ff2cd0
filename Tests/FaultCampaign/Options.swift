// The campaign's command line.
import Foundation

struct Options {
  enum Name: String, CaseIterable { case kills, calls, mutants, signals, socket }

  var minutes = 10.0
  var seed: UInt64 = 1
  var only = Name.allCases
  var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// The short lane: the same few cases every time, however long they take.
  var isBrief = false
  var scant: URL
  var finds: URL

  static let usage = """
    script/faults [--minutes N] [--seed N] [--only kills,calls,mutants,signals,socket]
                  [--finds FOLDER] [--jobs N] [--scant PROGRAM] [--brief]

      --minutes  how long it takes; 10 if absent
      --seed     other seeds make other cases; 1 if absent
      --only     some of the campaigns; all if absent
      --finds    the folder that keeps what was lost; .build/faults if absent
      --jobs     processes at a time; one a core if absent
      --scant    the program under test; the one beside this one if absent
      --brief    the few cases that script/test runs

    Prints what was tried, what survived and what was lost. Exit status: 0 nothing was lost,
    1 something was, 64 a wrong option, 130 interrupted.
    """

  /// Throws one sentence on a wrong option.
  init(_ arguments: [String], root: URL, program: URL) throws {
    scant = program.deletingLastPathComponent() / "scant"
    finds = root / ".build" / "faults"
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--brief" {
        isBrief = true
        continue
      }
      guard let value = rest.popFirst() else { throw CampaignError("\(option): no value") }
      try set(option, value)
    }
  }

  private mutating func set(_ option: String, _ value: String) throws {
    func wrong(_ expected: String) -> CampaignError {
      CampaignError("\(option): '\(value)' is out of range; expected \(expected)")
    }
    switch option {
    case "--minutes":
      guard let number = Double(value), number > 0, number <= 10_000 else {
        throw wrong("a number above 0")
      }
      minutes = number
    case "--seed":
      guard let number = UInt64(value) else { throw wrong("a whole number from 0") }
      seed = number
    case "--only":
      only = try value.split(separator: ",").map {
        guard let name = Name(rawValue: String($0)) else {
          throw wrong(Name.allCases.map(\.rawValue).joined(separator: ","))
        }
        return name
      }
    case "--jobs":
      guard let number = Int(value), (1...64).contains(number) else { throw wrong("1 to 64") }
      jobs = number
    case "--finds": finds = URL(fileURLWithPath: value)
    case "--scant": scant = URL(fileURLWithPath: value)
    default: throw CampaignError("\(option): no such option; see --help")
    }
  }
}
