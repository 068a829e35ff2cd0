// Tags around a sound: ID3v2 before it; ID3v1, Lyrics3 and APE after it.

enum SoundTags {
  /// The range of the file that contains the sound.
  static func sound(in source: SoundSource) -> Range<Int> {
    let start = skipID3(source, from: 0)
    return start..<end(source, from: start)
  }

  /// The end of the last of the ID3v2 tags that begin at `position`.
  static func skipID3(_ source: SoundSource, from position: Int) -> Int {
    var position = position
    while let length = id3(source.bytes(at: position, 10)), position + length < source.size {
      position += length
    }
    return position
  }

  /// The bytes of the ID3v2 tag with this header.
  private static func id3(_ head: [UInt8]) -> Int? {
    guard head.count == 10, head.holds("ID3"), head[3] < 0xff, head[4] < 0xff,
      head[6...].allSatisfy({ $0 < 0x80 })
    else { return nil }
    let size = head[6...].reduce(0) { $0 << 7 | Int($1) }
    return 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
  }

  private static func end(_ source: SoundSource, from start: Int) -> Int {
    var end = source.size
    while let length = tail(source, end), end - length > start { end -= length }
    return end
  }

  /// The bytes of the tag that ends at `end`.
  private static func tail(_ source: SoundSource, _ end: Int) -> Int? {
    if end >= 128, source.bytes(at: end - 128, 3).holds("TAG") { return 128 }
    guard end >= 32 else { return nil }
    let foot = source.bytes(at: end - 32, 32)
    if foot.count == 32, foot.holds("APETAGEX") {
      let hasHead = foot[23] & 0x80 != 0
      // The size must include this footer: a tag of 0 bytes would never end.
      return max(32, foot.little(12, 4)) + (hasHead ? 32 : 0)
    }
    if foot.count == 32, foot.holds("LYRICS200", at: 23) {
      return UInt(String(decoding: foot[17..<23], as: UTF8.self)).map { Int($0) + 15 }
    }
    return nil
  }
}
