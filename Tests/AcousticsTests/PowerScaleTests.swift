// From values of spectrograms to powers and back, for every input that allows it.
import Acoustics
import Testing

@Suite struct PowerScaleTests {
  @Test(arguments: [FrontEnd.band, .musicnn, .ast, .astRaw])
  func valuesStandForPowers(frontEnd: FrontEnd) throws {
    let bands = frontEnd.transform.bands
    let input = ModelInput.frontEnd(frontEnd, standardized: true)
    let scale = try #require(
      PowerScale(
        input, mean: [Float](repeating: -2, count: bands),
        std: [Float](repeating: 1.5, count: bands)))
    #expect(scale.bands == bands)
    for power in [1e-3, 0.5, 20] {
      let value = scale.value(ofPower: power, band: 3)
      #expect(abs(scale.power(of: value, band: 3) / power - 1) < 1e-4)
      #expect(scale.value(ofPower: 2 * power, band: 3) > value)
    }
    #expect(scale.value(ofPower: 0, band: 3).isFinite)
  }

  @Test func aFrontEndGivesTheValueOfItsPower() throws {
    let noise = Waveform(
      samples: (0..<8000).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 }, sampleRate: 16_000)
    for compression in [
      Compression.decibels(), .naturalLog(offset: 1e-6), .log10(scale: 100, offset: 1),
    ] {
      var logMel = LogMel.band
      logMel.compression = compression
      let input = ModelInput.frontEnd(FrontEnd(id: "x", logMel: logMel), standardized: false)
      let scale = try #require(PowerScale(input, mean: [], std: []))
      let values = try logMel(noise)
      logMel.compression = .none
      let powers = try logMel(noise)
      for band in stride(from: 0, to: 64, by: 9) {
        #expect(
          abs(scale.power(of: values[band, 2], band: band) / Double(powers[band, 2]) - 1) < 1e-3)
      }
    }
  }

  @Test func inputsWithoutPowersHaveNoScale() {
    let others: [ModelInput] = [
      .frontEnd(.mfcc), .frontEnd(.statistics), .frontEnd(.vggish),
      .embeddings("vggish", standardized: true),
      .frontEnd(FrontEnd(id: "peak", logMel: .openL3(melBands: 128))),
    ]
    for input in others { #expect(PowerScale(input, mean: [], std: []) == nil, "\(input)") }
  }
}
