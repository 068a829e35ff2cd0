import Lab

/// How much of the recipe's network is trained: asked for on 2 Method, once for every network.
extension Workbench {
  mutating func countParameters() -> [Effect] {
    guard screen == .method, dataset != nil, method.edit == nil else { return [] }
    let network = recipe.network
    guard method.counted != network else { return [] }
    method.counted = network
    return [.engine(.count(recipe))]
  }

  /// "18.2k of 87.9M values are trained (0.02%)"; nil while nobody has counted.
  var parameterLine: (text: String, isProblem: Bool)? {
    guard let parameters, parameters.network == recipe.network else { return nil }
    switch parameters.result {
    case .problem(let text): return ("! \(text)", true)
    case .counted(_, let all) where all == 0: return ("fitted, not trained", false)
    case .counted(let trained, let all) where trained == all:
      return ("all \(Self.size(all)) values are trained", false)
    case .counted(let trained, let all):
      let share = Double(trained) / Double(all) * 100
      let percent = share < 1 ? share.short : share.fixed(1)
      return (
        "\(Self.size(trained)) of \(Self.size(all)) values are trained (\(percent)%)", false
      )
    }
  }

  /// 1,285; 18.2k; 87.9M.
  private static func size(_ count: Int) -> String {
    switch count {
    case ..<10_000: "\(count)"
    case ..<1_000_000: "\((Double(count) / 1e3).fixed(1))k"
    default: "\((Double(count) / 1e6).fixed(1))M"
    }
  }
}
