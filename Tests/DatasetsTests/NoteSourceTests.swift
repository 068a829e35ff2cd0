// The notes that our own networks are pre-trained on. Needs FluidSynth and its SoundFont.
import Acoustics
import Datasets
import Testing

@Suite(.enabled(if: (try? SoundFont.find()) != nil, "FluidSynth or its SoundFont absent"))
struct NoteSourceTests {
  private let source = NoteSource(seed: 1, seconds: 1)

  @Test func programsAlternateAndKeysAreInRange() throws {
    let renderer = try NoteRenderer(source, try SoundFont.find())
    var keys: Set<Int> = []
    for index in 0..<20 {
      let (program, key, samples) = try renderer.note(.train, 100 + index)
      #expect(program == (100 + index) % 112 && NoteSource.keys.contains(key))
      #expect(samples.count == 16_000)
      #expect(samples.contains { abs(Int($0)) > 300 }, "note \(index) is silent")
      keys.insert(key)
    }
    #expect(keys.count > 10)
  }

  @Test func noteDoesNotDependOnEarlierRendering() throws {
    let font = try SoundFont.find()
    let alone = try NoteRenderer(source, font).note(.test, 3)
    let renderer = try NoteRenderer(source, font)
    for index in 0..<3 { _ = try renderer.note(.test, index) }
    let again = try renderer.note(.test, 3)
    let isSame = again.2 == alone.2
    #expect(isSame && again.1 == alone.1)
    let isOther = try renderer.note(.train, 3).2 != alone.2
    #expect(isOther)
  }

  @Test func spectrogramsEqualTheFrontEnd() throws {
    let one = try source.examples(.train, 6, by: FrontEnd.band, threads: 1, progress: nil)
    let two = try source.examples(.train, 6, by: FrontEnd.band, threads: 2, progress: nil)
    #expect(one.map(\.program) == Array(0..<6))
    #expect(one.allSatisfy { $0.spectrogram.bands == 64 && $0.spectrogram.frames == 16 })
    let isSame = one.map(\.spectrogram) == two.map(\.spectrogram)
    #expect(isSame)
  }
}
