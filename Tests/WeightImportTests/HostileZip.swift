// ZIP files put together by hand, also ones that lie.
import Foundation

func little(_ value: Int, _ width: Int) -> [UInt8] {
  (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

/// A ZIP file out of parts that may lie; everything stored unless said.
struct HostileZip {
  var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  mutating func add(
    _ name: String, _ data: [UInt8], size: Int? = nil, method: Int = 0, at offset: Int? = nil
  ) {
    let place = offset ?? bytes.count
    if offset == nil {
      bytes += Array("PK\u{3}\u{4}".utf8) + little(20, 2) + little(0, 2) + little(method, 2)
      bytes += little(0, 8) + little(data.count, 4) + little(size ?? data.count, 4)
      bytes += little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8) + data
    }
    directory += Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + little(0, 2)
    directory += little(method, 2) + little(0, 8) + little(data.count, 4)
    directory += little(size ?? data.count, 4) + little(name.utf8.count, 2) + little(0, 12)
    directory += little(place, 4) + Array(name.utf8)
    count += 1
  }

  func finished(entries: Int? = nil) -> Data {
    let end = Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(entries ?? count, 2)
    return Data(
      bytes + directory + end + little(entries ?? count, 2) + little(directory.count, 4)
        + little(bytes.count, 4) + [0, 0])
  }

  /// An archive of one member.
  static func stored(_ name: String, _ data: [UInt8]) -> [UInt8] {
    var zip = HostileZip()
    zip.add(name, data)
    return [UInt8](zip.finished())
  }
}
