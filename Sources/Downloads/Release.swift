// What can be fetched: releases, their parts, and the files of a part.

/// A data set or a network as it was published.
package struct Release: Sendable {
  package enum Kind: String, Sendable, Encodable { case data, weights }

  package let kind: Kind
  /// The id of the data set or extractor.
  package let id: String
  package let title: String
  /// Authors, year and identifier.
  package let citation: String
  package let licence: String
  /// The page on which the publisher describes it.
  package let page: String
  package let parts: [ReleasePart]
  /// What a user should know before downloading; empty if nothing.
  package let note: String

  package init(
    _ kind: Kind, _ id: String, title: String, citation: String, licence: String, page: String,
    note: String = "", parts: [ReleasePart]
  ) {
    (self.kind, self.id, self.title, self.citation) = (kind, id, title, citation)
    (self.licence, self.page, self.note, self.parts) = (licence, page, note, parts)
  }
}

/// Files that belong together, such as the labels or the sounds.
package struct ReleasePart: Sendable {
  package let name: String
  /// In the order in which they are unpacked.
  package let files: [RemoteFile]
  /// Paths below the folder, each of which exists once the part is there.
  package let marks: [String]
  /// Whether it is fetched without being asked for by name.
  package let isUsual: Bool
  /// About how many bytes all files have, where not every size is known; nil if nobody says.
  package let about: Int?

  package init(
    _ name: String, isUsual: Bool = true, about: Int? = nil, marks: [String], files: [RemoteFile]
  ) {
    (self.name, self.isUsual, self.about) = (name, isUsual, about)
    (self.marks, self.files) = (marks, files)
  }

  /// The total of the known sizes in bytes.
  package var knownBytes: Int { files.reduce(0) { $0 + ($1.bytes ?? 0) } }
  private var hasUnknownSizes: Bool { files.contains { $0.bytes == nil } }

  /// The size of parts in words: "2.6 GB", "about 13 GB", "over 4.1 MB" or "unknown size".
  package static func size(_ parts: [ReleasePart]) -> String {
    let unknown = parts.filter(\.hasUnknownSizes)
    let known = parts.reduce(0) { sum, part in
      sum + ((part.hasUnknownSizes ? part.about : nil) ?? part.knownBytes)
    }
    if unknown.isEmpty { return "\(ByteCount(known))" }
    if unknown.allSatisfy({ $0.about != nil }) { return "about \(ByteCount(known))" }
    return known == 0 ? "unknown size" : "over \(ByteCount(known))"
  }
}

/// One file of a release.
package struct RemoteFile: Sendable {
  /// What becomes of the file.
  package enum Use: Sendable {
    /// It is placed at a path below the folder.
    case place(String)
    /// A volume of the archive that the next file ends.
    case volume
    /// A ZIP file, alone or after its volumes, unpacked below `folder` without the first `strip`
    /// folders of each name.
    case zip(folder: String, strip: Int)
    /// A tar file compressed with gzip.
    case tar(folder: String, strip: Int)
  }

  /// Unique in its release.
  package let name: String
  /// Where it can be had, in the order in which these are tried.
  package let mirrors: [String]
  /// Nil if it is not known.
  package let bytes: Int?
  /// Nil if it is not known: then the digest of the first download is recorded.
  package let digest: FileDigest?
  package let use: Use

  package init(
    _ name: String, _ mirrors: [String], bytes: Int? = nil, _ digest: FileDigest? = nil, use: Use
  ) {
    (self.name, self.mirrors, self.bytes) = (name, mirrors, bytes)
    (self.digest, self.use) = (digest, use)
  }
}
