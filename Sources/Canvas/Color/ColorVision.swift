/// Simulation of colour vision deficiencies.
///
/// Machado, Oliveira, Fernandes: "A Physiologically-based Model for Simulation of Color Vision
/// Deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009,
/// doi 10.1109/TVCG.2009.113; their matrices for severity 1, applied to linear sRGB.
public enum ColorVision: String, Sendable, CaseIterable {
  /// All three kinds of cones.
  case normal
  /// Without cones for long, middle and short wavelengths.
  case protan, deutan, tritan

  /// The colour as a person with this vision sees it.
  public func sees(_ color: RGB) -> RGB {
    guard self != .normal else { return color }
    let light = color.linear
    let seen = rows.map { row in row.0 * light.0 + row.1 * light.1 + row.2 * light.2 }
    return RGB(linear: seen[0], seen[1], seen[2])
  }

  private typealias Row = (Double, Double, Double)

  private var rows: [Row] {
    switch self {
    case .normal: [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    case .protan:
      [
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
      ]
    case .deutan:
      [
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
      ]
    case .tritan:
      [
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
      ]
    }
  }
}
