// The coding of a front end, and its cache key.
import Foundation

/// The transform is coded under its own name beside `id` and `seconds`.
extension FrontEnd: Codable {
  private enum Keys: String, CodingKey {
    case id, seconds, logMel, kaldiFbank, mfcc, linear, statistics
  }

  /// Decodes a front end.
  ///
  /// - Throws: `DecodingError` if the transform is missing or a field has another type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    id = try values.decode(String.self, forKey: .id)
    seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
    if let settings = try values.decodeIfPresent(LogMel.self, forKey: .logMel) {
      transform = .logMel(settings)
    } else if let settings = try values.decodeIfPresent(KaldiFbank.self, forKey: .kaldiFbank) {
      transform = .kaldiFbank(settings)
    } else if let settings = try values.decodeIfPresent(MFCC.self, forKey: .mfcc) {
      transform = .mfcc(settings)
    } else if let settings = try values.decodeIfPresent(LinearSpectrogram.self, forKey: .linear) {
      transform = .linear(settings)
    } else if let settings = try values.decodeIfPresent(ClipStatistics.self, forKey: .statistics) {
      transform = .statistics(settings)
    } else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "no transform; expected one such as logMel or statistics"))
    }
  }

  /// Encodes the front end.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(id, forKey: .id)
    try values.encodeIfPresent(seconds, forKey: .seconds)
    switch transform {
    case .logMel(let settings): try values.encode(settings, forKey: .logMel)
    case .kaldiFbank(let settings): try values.encode(settings, forKey: .kaldiFbank)
    case .mfcc(let settings): try values.encode(settings, forKey: .mfcc)
    case .linear(let settings): try values.encode(settings, forKey: .linear)
    case .statistics(let settings): try values.encode(settings, forKey: .statistics)
    }
  }
}

extension FrontEnd {
  /// The version of the transforms. It is raised when the same settings give other numbers.
  private static let version = 2

  /// The cache key: 16 hexadecimal digits that depend on every setting except the id, and are the
  /// same on all machines.
  public var key: String {
    let length = seconds.map { "\($0)" } ?? "whole"
    return Digest.hex(Array("\(Self.version) \(length) ".utf8) + settings)
  }

  /// The settings of the transform as JSON with sorted keys, after its name. A log-mel has no name
  /// here, since no other transform has the same fields.
  private var settings: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func bytes(_ name: String, _ settings: some Encodable) -> [UInt8] {
      Array(name.utf8) + ((try? encoder.encode(settings)) ?? Data())
    }
    return switch transform {
    case .logMel(let settings): bytes("", settings)
    case .kaldiFbank(let settings): bytes("kaldiFbank ", settings)
    case .mfcc(let settings): bytes("mfcc ", settings)
    case .linear(let settings): bytes("linear ", settings)
    case .statistics(let settings): bytes("statistics ", settings)
    }
  }
}
