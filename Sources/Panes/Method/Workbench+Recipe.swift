import Canvas
import Lab

/// The form: choosing a method or a model and editing settings.
extension Workbench {
  var field: RecipeField? {
    fields.indices.contains(cursor(.form)) ? fields[cursor(.form)] : nil
  }

  mutating func editField() -> [Effect] {
    guard let field else { return said("this recipe has no settings to edit") }
    focus[.method] = .form
    guard field.choices.isEmpty else { return changeChoice(by: 1) }
    method.edit = field.value
    method.problem = nil
    return []
  }

  /// Gives the field its default value back.
  mutating func resetField() -> [Effect] {
    guard let field else { return said("this recipe has no settings to edit") }
    focus[.method] = .form
    if !field.isChanged { say("\(field.title) has its default value") }
    change(field.key, to: field.initial)
    return []
  }

  mutating func typeField(_ key: Key) -> [Effect] {
    guard let text = method.edit, let field else {
      method.edit = nil
      return []
    }
    switch key {
    case .enter:
      change(field.key, to: text)
      if method.problem == nil { method.edit = nil }
    case .escape:
      method.edit = nil
      method.problem = nil
    default:
      method.edit = LineEditing.apply(key, to: text)
      method.problem = nil
    }
    return []
  }

  /// The next of a field's choices; a field without choices says how to edit it.
  mutating func changeChoice(by step: Int) -> [Effect] {
    guard let field else { return [] }
    guard !field.choices.isEmpty else {
      say("e edits \(field.title)")
      return []
    }
    let here = field.choices.firstIndex(of: field.value) ?? 0
    let next = (here + step + field.choices.count) % field.choices.count
    change(field.key, to: field.choices[next])
    return []
  }

  /// Changes one setting, or keeps the recipe and the reason.
  mutating func change(_ key: String, to text: String) {
    do {
      recipe = try catalog.change(recipe, key, text)
      fields = catalog.fields(recipe)
      method.problem = nil
    } catch {
      method.problem = "\(error)"
    }
  }

  mutating func chooseMethod() -> [Effect] {
    let line = cursor(.methods)
    if catalog.methods.indices.contains(line) {
      change("method.id", to: catalog.methods[line].id)
    } else if catalog.models.indices.contains(line - catalog.methods.count) {
      change("model.id", to: catalog.models[line - catalog.methods.count].id)
    }
    if let problem = method.problem {
      say(problem, isWarning: true)
    } else {
      say(isTraining ? "for the next run: \(recipeLine)" : runPromise)
    }
    return []
  }

  /// `scant train` with every setting that differs from its default.
  var commandLine: String {
    let options = [
      ("dataset", recipe.dataset), ("model", recipe.model), ("method", recipe.method),
      ("seed", "\(recipe.seed)"),
    ].map { "--\($0) \(Self.shellWord($1))" }
    let set = recipe.fields.filter { $0.key != "seed" && $0.value != $0.initial }
      .map { "--set \(Self.shellWord("\($0.key)=\($0.value)"))" }
    return (["scant train"] + options + set).joined(separator: " ")
  }

  private static func shellWord(_ text: String) -> String {
    let isPlain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,+".contains($0))
    }
    return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}

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
