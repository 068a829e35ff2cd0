// Walks an Ogg file from page to page (RFC 3533) and finds its streams.

/// A chained file contains several complete streams; a decoder of one stream stops at its end.
struct OggLinks {
  /// The complete pages of each stream, without the bytes between or after them.
  private(set) var links: [[Range<Int>]] = []
  /// Whether the last page ends after the end of the file.
  private(set) var isCut = false
  /// Whether pages of a stream are missing, or other bytes lie between them.
  private(set) var hasGaps = false

  private var isOpening = false
  /// The number of the last page of each logical stream in the current link.
  private var numbers: [Int: Int] = [:]

  /// nil if no page begins at the start of `bounds`.
  init?(_ source: SoundSource, _ bounds: Range<Int>) {
    var position = bounds.lowerBound
    guard source.word(at: position) == OggLinks.mark else { return nil }
    while position < bounds.upperBound {
      guard let page = OggPage(source, position) else {
        guard let next = OggLinks.find(source, bounds, after: position) else { break }
        hasGaps = true
        position = next
        continue
      }
      guard page.end <= bounds.upperBound else {
        isCut = true
        break
      }
      add(page)
      position = page.end
    }
  }

  private mutating func add(_ page: OggPage) {
    if links.isEmpty || (page.begins && !isOpening) {
      links.append([])
      numbers = [:]
    }
    isOpening = page.begins
    if let last = numbers[page.serial], page.number != last + 1 { hasGaps = true }
    numbers[page.serial] = page.number
    let link = links.count - 1
    if let last = links[link].last, last.upperBound == page.start {
      links[link][links[link].count - 1] = last.lowerBound..<page.end
    } else {
      links[link].append(page.start..<page.end)
    }
  }

  /// "OggS".
  fileprivate static let mark: UInt32 = 0x4f67_6753

  private static func find(_ source: SoundSource, _ bounds: Range<Int>, after start: Int) -> Int? {
    var position = start + 1
    while position + 27 <= bounds.upperBound {
      let bytes = source.bytes(at: position, 4096)
      guard bytes.count >= 4 else { return nil }
      for place in 0...(bytes.count - 4) where bytes[place] == 0x4f && bytes.big(place, 4) == mark {
        return position + place
      }
      position += bytes.count - 3
    }
    return nil
  }
}

private struct OggPage {
  let start: Int
  let end: Int
  /// Whether this is the first page of a stream.
  let begins: Bool
  let serial: Int
  let number: Int

  /// nil if the 27 bytes are not a page header. A header cut by the end of the file is a page that
  /// ends after it.
  init?(_ source: SoundSource, _ position: Int) {
    let head = source.bytes(at: position, 27)
    guard head.holds("OggS") else { return nil }
    let table = head.count == 27 ? source.bytes(at: position + 27, Int(head[26])) : []
    let isWhole = head.count == 27 && table.count == Int(head[26])
    start = position
    end = isWhole ? position + 27 + table.count + table.reduce(0) { $0 + Int($1) } : Int.max
    begins = isWhole && head[5] & 2 != 0
    serial = isWhole ? head.little(14, 4) : 0
    number = isWhole ? head.little(18, 4) : 0
  }
}

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
