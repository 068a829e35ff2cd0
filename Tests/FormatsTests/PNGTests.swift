import Formats
// A PNG file has the chunks, checksums and pixels of the standard.
import Foundation
import Testing

@Suite struct PNGTests {
  private func big(_ bytes: Data) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  @Test func pixelsComeBack() throws {
    let rgb = (0..<3 * 5 * 4).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let file = try #require(PNG.bytes(width: 5, rgb: rgb))
    #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(file[8..<16].elementsEqual([0, 0, 0, 13] + Array("IHDR".utf8)))
    #expect(big(file[16..<20]) == 5 && big(file[20..<24]) == 4)
    let size = big(file[33..<37])
    #expect(file[37..<41].elementsEqual(Array("IDAT".utf8)))
    let packed = MemoryBytes(name: "IDAT", content: Array(file[41..<41 + size]))
    let rows = try Inflate.bytes(packed, .zlib, size: (3 * 5 + 1) * 4, of: "IDAT")
    let pixels = (0..<4).flatMap { rows[$0 * 16 + 1..<$0 * 16 + 16] }
    #expect(pixels == rgb)
    // The checksum of an empty IEND chunk is a constant of the standard.
    #expect(Array(file.suffix(8)) == Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82])
  }

  @Test func partialRowsAreRefused() {
    #expect(PNG.bytes(width: 4, rgb: [1, 2, 3]) == nil)
    #expect(PNG.bytes(width: 0, rgb: []) == nil)
  }
}
