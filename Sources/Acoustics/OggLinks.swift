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
