import Canvas
import Lab

/// The recipe as a form: made from its fields, one line each; help and range of the one under
/// the cursor below.
struct RecipeForm: ListView {
  let pane = Pane.form
  let bench: Workbench

  var title: String { "Settings · \(bench.recipe.method)\(bench.listMarks(.form))" }
  var note: String {
    let changed = bench.fields.count(where: \.isChanged)
    return changed == 0 ? "all default" : "\(changed) changed"
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    guard !bench.fields.isEmpty else {
      return grid.notice("no settings: choose a method and a model", in: rect)
    }
    let list = list(in: rect), window = window(in: rect)
    let fields = MethodScreen.shownFields(bench)
    let table = TableWidget(
      [
        .init("", .fixed(max(8, rect.width * 2 / 5))), .init("", .fixed(1)),
        .init("", .fixed(max(6, rect.width / 4))), .init("", .flexible),
      ],
      rows: window.range.map { row(fields[$0], isHere: $0 == bench.cursor(.form)) },
      selection: window.selection, hasHeader: false, emptyText: "no match")
    grid.draw(table, in: list)
    if grid.glyphs.hasPapers { drawPlaces(fields, window, table, in: list, on: &grid) }
    let foot = rect.rows(.fixed(list.height), .share(1))[1]
    grid.lines(footLines(rect.width - 2), in: foot)
  }

  /// Numbers as a mark on their range, in place of its text, which the foot says.
  private func drawPlaces(
    _ fields: [RecipeField], _ window: ListWindow, _ table: TableWidget, in list: Rect,
    on grid: inout Grid
  ) {
    guard let place = table.place(ofColumn: 3, in: list), place.count >= 8 else { return }
    for (row, i) in window.range.enumerated() where row < list.height {
      guard let share = Self.share(of: fields[i]) else { continue }
      let line = Rect(
        x: place.lowerBound, y: list.y + row, width: min(12, place.count), height: 1)
      grid.fill(Rect(x: place.lowerBound, y: line.y, width: place.count, height: 1))
      for x in line.x..<line.right {
        grid.put(bench.glyphs.rule, x: x, y: line.y, ink: .role(.border))
      }
      let x = line.x + Int((share * Double(line.width - 1)).rounded())
      grid.put(
        bench.glyphs.pick("●", "o"), x: x, y: line.y,
        ink: .role(fields[i].isChanged ? .accent : .muted))
      if row == window.selection {
        grid.select(
          Rect(x: place.lowerBound, y: line.y, width: place.count, height: 1), pointer: false)
      }
    }
  }

  /// Where a number lies in its range, 0…1: by its logarithm where the range spans more than a
  /// thousandfold. nil for words, and for a range without an end.
  private static func share(of field: RecipeField) -> Double? {
    let ends = field.range.split(separator: "…", omittingEmptySubsequences: false)
    guard field.choices.isEmpty, ends.count == 2, let low = Double(ends[0]),
      let high = Double(ends[1]), let value = Double(field.value), high > low
    else { return nil }
    let isWide = low > 0 ? high / low > 1000 : high >= 1000
    let axis =
      isWide ? Axis(max(low, high * 1e-6)...high, logarithmic: true) : Axis(low...high)
    return axis.position(max(value, axis.low)).map { min(1, max(0, $0)) }
  }

  func list(in rect: Rect) -> Rect {
    let foot = footLines(rect.width - 2).count
    return rect.rows(.share(1), .fixed(min(foot, max(0, rect.height - 3))))[0]
  }

  private func row(_ field: RecipeField, isHere: Bool) -> [StyledText] {
    let edit = isHere ? bench[.method].edit : nil
    let value = edit.map { $0 + "_" } ?? field.value
    return [
      StyledText(field.title),
      StyledText(field.isChanged ? "*" : "", .warn),
      StyledText(value, ink: edit == nil ? .plain : .role(.title)),
      StyledText(field.range, .muted),
    ]
  }

  /// Help, range and default of the field, or why the text was refused; then what `R` does.
  private func footLines(_ width: Int) -> [StyledText] {
    let rule = String(repeating: bench.glyphs.rule, count: max(0, width))
    var lines = [StyledText(rule, .border)]
    if let field = MethodScreen.field(bench) {
      lines += StyledText("\(field.key): \(field.help)").folded(to: width)
      if let problem = bench[.method].problem {
        lines += StyledText("! \(problem)", .fault).folded(to: width)
      } else {
        let changed = field.isChanged ? "* changed, u gives it back" : ""
        let initial = field.initial + (field.origin.map { " (\($0))" } ?? "")
        lines.append(
          StyledText("range \(field.range)   default \(initial)   \(changed)", .muted))
        if let text = MethodScreen.automatic(bench, field) {
          lines += StyledText("auto here: \(text)", .muted).folded(to: width)
        }
      }
    }
    if let (text, isProblem) = MethodScreen.parameterLine(bench) {
      lines += StyledText(text, isProblem ? .fault : .muted).folded(to: width).prefix(2)
    }
    lines.append(StyledText(bench.runPromise, .good))
    return lines
  }
}

/// What is typed and counted on 2 Method.
struct MethodState: ScreenState {
  /// The text being typed into the field under the cursor.
  var edit: String?
  /// Why the last edit was refused.
  var problem: String?
  /// The network whose values were asked for last.
  var counted: String?
  /// The engine's count of a network's values.
  var parameters: ParameterCount?
}

extension StateKey<MethodState> {
  static var method: Self { Self() }
}

/// The form: choosing a method or a model and editing settings.
extension MethodScreen {
  static func field(_ bench: Workbench) -> RecipeField? {
    shownFields(bench)[at: bench.cursor(.form)]
  }

  /// The settings that pass the filter.
  static func shownFields(_ bench: Workbench) -> [RecipeField] {
    let filter = bench.filter(of: .form)
    let found = bench.fields.filter { filter.passes([$0.key, $0.title, $0.help, $0.value]) }
    switch bench.order(of: .form) {
    case "n":
      return found.sorted { ($0.title.lowercased(), $0.key) < ($1.title.lowercased(), $1.key) }
    case "c": return found.filter(\.isChanged) + found.filter { !$0.isChanged }
    default: return found
    }
  }

  /// What `auto` stands for with the training clips of the data set; nil for a number.
  static func automatic(_ bench: Workbench, _ field: RecipeField) -> String? {
    guard let dataset = bench.dataset, dataset.snapshot.id == bench.recipe.dataset else {
      return nil
    }
    return bench.recipe.automatic(trainingClips: dataset.trainingClips.count)[field.key]
  }

  static func editField(_ bench: inout Workbench) -> [Effect] {
    guard let field = field(bench) else { return bench.said("this recipe has no settings to edit") }
    bench.focus[.method] = .form
    guard field.choices.isEmpty else { return changeChoice(&bench, by: 1) }
    bench[.method].edit = field.value
    bench[.method].problem = nil
    return []
  }

  /// Gives the field its default value back.
  static func resetField(_ bench: inout Workbench) -> [Effect] {
    guard let field = field(bench) else { return bench.said("this recipe has no settings to edit") }
    bench.focus[.method] = .form
    if !field.isChanged { bench.say("\(field.title) has its default value") }
    bench[.method].problem = bench.change(field.key, to: field.initial)
    return []
  }

  static func typeField(_ bench: inout Workbench, _ key: Key) -> [Effect] {
    guard let text = bench[.method].edit, let field = field(bench) else {
      bench[.method].edit = nil
      return []
    }
    switch key {
    case .enter:
      bench[.method].problem = bench.change(field.key, to: text)
      if bench[.method].problem == nil { bench[.method].edit = nil }
    case .escape:
      bench[.method].edit = nil
      bench[.method].problem = nil
    default:
      bench[.method].edit = LineEditing.apply(key, to: text)
      bench[.method].problem = nil
    }
    return []
  }

  /// The next of a field's choices; a field without choices says how to edit it.
  static func changeChoice(_ bench: inout Workbench, by step: Int) -> [Effect] {
    guard let field = field(bench) else { return [] }
    guard !field.choices.isEmpty else { return bench.said("e edits \(field.title)") }
    let here = field.choices.firstIndex(of: field.value) ?? 0
    let next = (here + step + field.choices.count) % field.choices.count
    bench[.method].problem = bench.change(field.key, to: field.choices[next])
    return []
  }

  static func chooseMethod(_ bench: inout Workbench) -> [Effect] {
    let methods = bench.catalog.methods, line = bench.cursor(.methods)
    let card = methods[at: line] ?? bench.catalog.models[at: line - methods.count]
    guard let card else { return [] }
    let key = line < methods.count ? "method.id" : "model.id"
    bench[.method].problem = bench.change(key, to: card.id)
    if let problem = bench[.method].problem {
      bench.say(problem, isWarning: true)
    } else {
      bench.say(bench.isTraining ? "for the next run: \(bench.recipeLine)" : bench.runPromise)
    }
    return []
  }

  /// `scant train` with every setting that differs from its default.
  static func commandLine(_ bench: Workbench) -> String {
    let options = [
      ("dataset", bench.recipe.dataset), ("model", bench.recipe.model),
      ("method", bench.recipe.method),
      ("seed", "\(bench.recipe.seed)"),
    ].map { "--\($0) \($1.forShell)" }
    let set = bench.recipe.fields.filter { $0.key != "seed" && $0.value != $0.initial }
      .map { "--set \("\($0.key)=\($0.value)".forShell)" }
    return (["scant train"] + options + set).joined(separator: " ")
  }
}

/// How much of the recipe's network is trained: asked for on 2 Method, once for every network.
extension MethodScreen {
  static func settle(_ bench: inout Workbench) -> [Effect] {
    guard bench.screen == .method, bench.dataset != nil, bench[.method].edit == nil else {
      return []
    }
    let network = bench.recipe.network
    guard bench[.method].counted != network else { return [] }
    bench[.method].counted = network
    return [.engine(.count(bench.recipe))]
  }

  /// "18.2k of 87.9M values are trained (0.02%)"; nil while nobody has counted.
  static func parameterLine(_ bench: Workbench) -> (text: String, isProblem: Bool)? {
    guard let parameters = bench[.method].parameters, parameters.network == bench.recipe.network
    else { return nil }
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
