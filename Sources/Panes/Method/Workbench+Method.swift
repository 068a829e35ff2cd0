import Canvas
import Lab

/// The form: choosing a method or a model and editing settings.
extension Workbench {
  var field: RecipeField? {
    fields.indices.contains(cursor(.form)) ? fields[cursor(.form)] : nil
  }

  mutating func editField(_ id: Action.ID) -> [Effect] {
    guard let field else {
      say("this recipe has no settings to edit")
      return []
    }
    focus[.method] = .form
    if id == .initial {
      if !field.isChanged { say("\(field.title) has its default value") }
      change(field.key, to: field.initial)
    } else if field.choices.isEmpty {
      method.edit = field.value
      method.problem = nil
    } else {
      return changeChoice(by: 1)
    }
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

  /// `Enter`: opens what is under the cursor of the focused pane.
  mutating func openSelection() -> [Effect] {
    switch focused {
    case .datasets: return openDataset()
    case .classes: return openClass(shownClasses, cursor(.classes))
    case .sample: return openSample()
    case .methods: chooseMethod()
    case .form: return editField(.edit)
    case .classScores: return openClassScore()
    case .map, .shares, .cell: return openCell()
    case .compared, .overlay: return compareAction(.addRun)
    case .loss, .metric:
      if let place = train.inspect { pin(place) } else { isFull.toggle() }
    case .timeline where replay != nil: return showChanges()
    case .sessionList, .sessionDetail, .timeline: return openSessionLine()
    default: isFull.toggle()
    }
    return []
  }

  private mutating func chooseMethod() {
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
  }

  private mutating func openDataset() -> [Effect] {
    guard catalog.datasets.indices.contains(cursor(.datasets)) else { return [] }
    guard !isTraining else {
      say("a run is training on \(recipe.dataset); S ends it first")
      return []
    }
    let id = catalog.datasets[cursor(.datasets)].id
    change("dataset.id", to: id)
    // Back on the session's own data set, which lies where the session says.
    if id == opening.dataset, recipe.dataset == id {
      for key in ["dataset.root", "dataset.patch"] where recipe[key] != opening[key] {
        if let own = opening[key] { change(key, to: own) }
      }
    }
    if let problem = method.problem {
      say(problem, isWarning: true)
      return []
    }
    return open()
  }
}
