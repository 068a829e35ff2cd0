// The catalogue of front ends.

extension FrontEnd {
  /// The front end of the built-in data set's reference network; 3 s become `[64, 47]`.
  public static let band = FrontEnd(id: "band", logMel: .band)
  /// The normalised front end of AST; 10.24 s become `[128, 1024]`.
  public static let ast = FrontEnd(id: "ast", .kaldiFbank(.ast()))
  /// The front end of AST without normalisation, for reprogramming.
  public static let astRaw = FrontEnd(id: "ast-raw", .kaldiFbank(.ast(normalize: false)))
  /// Power spectra for the harmonic CNN.
  public static let harmonic = FrontEnd(id: "harmonic", .linear(.harmonic))
  /// The log-mel of musicnn.
  public static let musicnn = FrontEnd(id: "musicnn", logMel: .musicnn)
  /// The log-mel of VGGish, before it is cut into patches.
  public static let vggish = FrontEnd(id: "vggish", logMel: .vggish)
  /// Means and standard deviations of spectral measures and cepstra, for classic learners.
  public static let statistics = FrontEnd(id: "statistics", .statistics(ClipStatistics()))
  /// 20 cepstral coefficients at 22,050 Hz with first and second differences, as in librosa.
  public static let mfcc = FrontEnd(id: "mfcc", .mfcc(.librosa(sampleRate: 22_050, deltas: 2)))
}

/// The catalogue of front ends.
public enum FrontEndCatalog {
  /// All front ends.
  public static let all: [FrontEnd] = [
    .band, .ast, .astRaw, .harmonic, .musicnn, .vggish, .mfcc, .statistics,
  ]

  /// The front end with this id; nil if there is none.
  public static func find(_ id: String) -> FrontEnd? { all.first { $0.id == id } }
}
