// The meaning of libsndfile's format codes.
import CSndfile

enum SoundFormat {
  /// The container and the encoding, as libsndfile names them.
  static func name(_ format: Int32) -> String {
    func name(_ command: Int, _ mask: Int32) -> String? {
      var description = SF_FORMAT_INFO()
      description.format = format & mask
      let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
      guard sf_command(nil, Int32(command), &description, size) == 0, description.name != nil
      else { return nil }
      return String(cString: description.name)
    }
    let parts = [
      name(SFC_GET_FORMAT_INFO, Int32(SF_FORMAT_TYPEMASK)),
      name(SFC_GET_FORMAT_INFO, Int32(SF_FORMAT_SUBMASK)),
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  /// Bytes per sample; 0 if samples are packed in blocks.
  static func sampleSize(_ format: Int32) -> Int {
    switch Int(format) & SF_FORMAT_SUBMASK {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_ULAW, SF_FORMAT_ALAW: 1
    case SF_FORMAT_PCM_16: 2
    case SF_FORMAT_PCM_24: 3
    case SF_FORMAT_PCM_32, SF_FORMAT_FLOAT: 4
    case SF_FORMAT_DOUBLE: 8
    default: 0
    }
  }

  /// Whether the number of bytes equals the number of samples, so that the count cannot be wrong.
  static func isPlain(_ format: Int32) -> Bool {
    let container = Int(format) & SF_FORMAT_TYPEMASK
    return sampleSize(format) > 0 && container != SF_FORMAT_FLAC && container != SF_FORMAT_OGG
  }
}
