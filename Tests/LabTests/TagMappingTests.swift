// Tags are proposed by name, and only confirmed ones become guesses.
import Formats
import Foundation
import Lab
import Testing

@Suite struct TagMappingTests {
  private let tags = [
    "Guitar", "Acoustic guitar", "Bass guitar", "Tapping (guitar technique)", "Drum", "Drum kit",
    "Drum and bass", "Violin, fiddle", "Baby cry, infant cry", "Waves, surf", "Fire engine", "Fire",
    "Crackle", "Sneeze", "Double bass", "Bass drum", "Speech",
  ]

  private func found(_ name: String, _ match: TagMatch) -> [String] {
    let wanted = TagNames(name)
    return tags.filter { wanted.match(TagNames($0)) == match }
  }

  @Test func theSameWordsInAnyFormAreTheSameName() {
    #expect(found("drums", .same) == ["Drum"])
    #expect(found("fiddles", .same) == ["Violin, fiddle"])
    #expect(found("crying_baby", .same) == ["Baby cry, infant cry"])
    #expect(found("sneezing", .same) == ["Sneeze"])
    #expect(found("Guitar", .same) == ["Guitar"])
  }

  @Test func aTagThatEndsWithTheNameIsNarrower() {
    #expect(found("guitar", .narrower) == ["Acoustic guitar", "Bass guitar"])
    #expect(found("bass", .narrower) == ["Double bass"])
    #expect(found("bass", .contains) == ["Bass guitar", "Drum and bass", "Bass drum"])
    #expect(found("guitar", .contains) == ["Tapping (guitar technique)"])
    #expect(found("fire", .contains) == ["Fire engine"])
  }

  @Test func partsOfANameAreProposedWhereNothingFitsBetter() {
    let mapping = TagMapping(proposing: ["sea_waves", "crackling_fire", "kazoo"], among: tags)
    let rows = mapping.rows.map { "\($0.className): \($0.tag)" }
    #expect(
      rows == [
        "sea_waves: Waves, surf", "crackling_fire: Fire", "crackling_fire: Crackle", "kazoo: ",
      ])
    #expect(mapping.rows.allSatisfy { $0.use == nil } && mapping.open == 3)
    let bass = TagMapping(proposing: ["bass"], among: tags).rows
    #expect(bass.map(\.use) == [nil, false, false, false])
  }

  @Test func onlyAPersonConfirms() throws {
    var mapping = TagMapping(proposing: ["bass", "kazoo"], among: tags)
    #expect(!mapping.isConfirmed)
    mapping.confirm()
    #expect(mapping.isConfirmed && mapping.open == 0)
    #expect(mapping.rows.filter { $0.use == true }.map(\.tag) == ["Double bass"])
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try mapping.write(to: file)
    let read = try TagMapping(reading: file)
    #expect(read.rows.map(\.tag) == mapping.rows.map(\.tag))
    #expect(read.rows.map(\.use) == mapping.rows.map(\.use) && read.isConfirmed)
  }

  @Test func aFaultyRowIsNamedWithItsLine() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("class,tag,why,use\nbass,Double bass,narrower,maybe\n".utf8).write(to: file)
    let problem = #expect(throws: Problem.self) { try TagMapping(reading: file) }
    #expect(problem?.line == 2 && problem?.message.contains("'maybe'; expected 1, 0") == true)
    try Data("class,use\nbass,1\n".utf8).write(to: file)
    #expect(throws: Problem.self) { try TagMapping(reading: file) }
  }

  @Test func aComparisonUsesTheMappingOfItsFolder() throws {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())")
    defer { try? FileManager.default.removeItem(at: home) }
    let (own, compared) = (
      home.appendingPathComponent("notes"), home.appendingPathComponent("notes-compare")
    )
    for folder in [own, compared] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    #expect(try TagMapping.find(in: compared) == nil)
    try TagMapping(proposing: ["bass"], among: tags)
      .write(to: own.appendingPathComponent(TagMapping.fileName))
    for folder in [own, compared] {
      #expect(
        try TagMapping.find(in: folder)?.deletingLastPathComponent().lastPathComponent == "notes")
    }
  }
}
