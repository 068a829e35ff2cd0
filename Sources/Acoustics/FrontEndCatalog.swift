// Every front end that can be asked for by name.

extension FrontEnd {
  /// Front end of the built-in data set's reference network; 3 s become `[64, 47]`.
  public static let band = FrontEnd(id: "band", logMel: .band)
  /// 10.24 s as AST takes them, normalized.
  public static let ast = FrontEnd(id: "ast", .kaldiFbank(.ast()))
  /// The same without normalization, for reprogramming.
  public static let astRaw = FrontEnd(id: "ast-raw", .kaldiFbank(.ast(normalize: false)))
  /// Power spectra for the harmonic CNN.
  public static let harmonic = FrontEnd(id: "harmonic", .linear(.harmonic))
  /// Log-mel of musicnn.
  public static let musicnn = FrontEnd(id: "musicnn", logMel: .musicnn)
  /// Log-mel of VGGish, before it is cut into patches.
  public static let vggish = FrontEnd(id: "vggish", logMel: .vggish)
  /// Means and deviations of spectral measures and cepstra, for classic learners.
  public static let statistics = FrontEnd(id: "statistics", .statistics(ClipStatistics()))
  /// 20 cepstral coefficients at 22,050 Hz with their differences, as librosa makes them.
  public static let mfcc = FrontEnd(id: "mfcc", .mfcc(.librosa(sampleRate: 22_050, deltas: 2)))
}

public enum FrontEndCatalog {
  public static let all: [FrontEnd] = [
    .band, .ast, .astRaw, .harmonic, .musicnn, .vggish, .mfcc, .statistics,
  ]

  /// The front end with this id.
  public static func find(_ id: String) -> FrontEnd? { all.first { $0.id == id } }
}
