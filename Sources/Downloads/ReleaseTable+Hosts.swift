// The hosts of the table: how the address of a file follows from its name.

extension ReleaseTable {
  /// A file of a Zenodo record, at both forms of its address.
  static func zenodo(
    _ record: Int, _ name: String, _ bytes: Int?, _ md5: String, _ use: RemoteFile.Use
  ) -> RemoteFile {
    RemoteFile(
      name,
      [
        "https://zenodo.org/records/\(record)/files/\(name)?download=1",
        "https://zenodo.org/api/records/\(record)/files/\(name)/content",
      ], bytes: bytes, .md5(md5), use: use)
  }

  /// A file of FSD50K; names that end in a number are volumes.
  static func fsd(_ name: String, _ bytes: Int, _ md5: String) -> RemoteFile {
    zenodo(
      4_060_432, "FSD50K.\(name)", bytes, md5,
      name.hasSuffix(".zip") ? .zip(folder: "", strip: 0) : .volume)
  }

  /// A file of MagnaTagATune, at its present and its earlier address.
  static func city(
    _ name: String, _ bytes: Int?, _ md5: String, _ use: RemoteFile.Use
  ) -> RemoteFile {
    RemoteFile(
      name,
      [
        "https://mirg.city.ac.uk/datasets/magnatagatune/\(name)",
        "http://mi.soi.city.ac.uk/datasets/magnatagatune/\(name)",
      ], bytes: bytes, .md5(md5), use: use)
  }

  static func torchVGGish(_ name: String, _ bytes: Int) -> RemoteFile {
    RemoteFile(
      name, ["https://github.com/harritaylor/torchvggish/releases/download/v0.1/\(name)"],
      bytes: bytes, use: .place(name))
  }

  static func musicnn(_ name: String, _ bytes: Int, _ sha256: String) -> RemoteFile {
    RemoteFile(
      name,
      [
        "https://raw.githubusercontent.com/Quint-e/musicnn_keras/master/musicnn_keras/"
          + "keras_checkpoints/\(name)"
      ], bytes: bytes, .sha256(sha256), use: .place(name))
  }

  /// One network of OpenL3, such as `mel256_music`.
  static func openL3(
    _ network: String, isUsual: Bool = false, _ digest: FileDigest? = nil
  ) -> ReleasePart {
    let name = "openl3_audio_\(network)-v0_4_0.h5.gz"
    return ReleasePart(
      network.replacing("_", with: "-"), isUsual: isUsual,
      marks: ["\(name)|openl3_audio_\(network).h5|openl3_audio_\(network).h5.gz"],
      files: [
        RemoteFile(
          name, ["https://github.com/marl/openl3/raw/models/\(name)"], digest, use: .place(name))
      ])
  }
}

/// The archives with the sounds of SONYC-UST v2.3; only the first one's size is known.
enum SONYCVolumes {
  static let files = zip(0..., digests).map { number, md5 in
    ReleaseTable.zenodo(
      3_966_543, "audio-\(number).tar.gz", number == 0 ? 721_618_074 : nil, md5,
      .tar(folder: "", strip: 0))
  }

  private static let digests = [
    "bbb4dbae7d2e58e18d24878b9ee1eb51", "7c369ff37ac6a1fdd8493fdffe62e0a1",
    "412241c063d7f196953d3dd1c44aeb5e", "d2a872392d95993a2c238d305b940812",
    "b15b0e0cb3f8584259ef0d24293a9be3", "de745f887067433757a2f2c8f99f99bb",
    "b0286c67468369d66336f6f5ddede31f", "ff300183ab7a9d3f2f74c3b730ffeb52",
    "7be76b821fa6dbe20f6b50ca440e1024", "959f7edfbb26eadad9865069f38aa9dd",
    "84e94de273666c537a3e6b709ee88d9b", "44fe1f43121a7d1178aa0cdf7477793b",
    "a7eb21011f460b5ac289f8e285e875ab", "27945a8b1008eec787f97213164951e6",
    "fb8c7d81c3bde3a0c86c1e55e6a85a24", "f6af9b65d876ef96d199b9e5f0473cb9",
    "e8337c61a90c30989d500f950fbe443a", "3e47e85eb4564a30fe7f442ee97ec7b9",
    "c6b2ef4d0d5b7269d465c469cdbbdc4b",
  ]
}
