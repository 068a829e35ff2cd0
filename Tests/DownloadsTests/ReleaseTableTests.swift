// The table: unique names, well-formed digests and addresses, archives after their volumes.
import Downloads
import Foundation
import Testing

@Suite struct ReleaseTableTests {
  private let files = ReleaseTable.all.flatMap { release in
    release.parts.flatMap(\.files).map { (release: release, file: $0) }
  }

  @Test func idsAndFileNamesAreUnique() {
    let ids = ReleaseTable.all.map(\.id)
    #expect(Set(ids).count == ids.count && ids.count == 14)
    for release in ReleaseTable.all {
      let names = release.parts.flatMap(\.files).map(\.name)
      #expect(Set(names).count == names.count, "\(release.id)")
      #expect(!release.citation.isEmpty && !release.licence.isEmpty)
      #expect(release.page.hasPrefix("https://"))
      #expect(release.parts.isEmpty == (release.id == "kwt1"))
    }
  }

  @Test func digestsAndAddressesAreWellFormed() {
    for (release, file) in files {
      if let digest = file.digest {
        #expect(digest.hex.count == FileDigest.digits(digest.kind), "\(file.name)")
        #expect(digest.hex.allSatisfy { "0123456789abcdef".contains($0) }, "\(file.name)")
      }
      #expect(file.bytes ?? 1 > 0)
      #expect(!file.name.contains("/") && !file.mirrors.isEmpty)
      #expect(file.mirrors[0].hasPrefix("https://"), "\(release.id)/\(file.name)")
      for mirror in file.mirrors { #expect(URL(string: mirror) != nil) }
    }
    let hex = files.compactMap(\.file.digest?.hex)
    #expect(Set(hex).count == hex.count && hex.count > 40)
  }

  @Test func sizesAreSaidAsFarAsTheyAreKnown() throws {
    func size(_ id: String, _ parts: [String]? = nil) throws -> String {
      let release = try #require(ReleaseTable.release(id))
      return ReleasePart.size(release.parts.filter { parts?.contains($0.name) ?? $0.isUsual })
    }
    #expect(try size("openmic2018") == "2.6 GB" && size("fsd50k") == "24.7 GB")
    #expect(try size("sonyc-ust-v2") == "about 13.3 GB")
    #expect(try size("sonyc-ust-v2", ["labels"]) == "14.5 MB")
    #expect(try size("mn04") == "over 4.1 MB" && size("openl3") == "unknown size")
  }

  /// A volume is followed by another one or by the archive that it belongs to.
  @Test func volumesEndInAnArchive() {
    for part in ReleaseTable.all.flatMap(\.parts) {
      #expect(!part.marks.isEmpty && !part.files.isEmpty)
      for (index, file) in part.files.enumerated() {
        guard case .volume = file.use else { continue }
        switch part.files.dropFirst(index + 1).first?.use {
        case .volume, .zip: break
        default: Issue.record("\(file.name) is a volume of no archive")
        }
      }
    }
  }
}
