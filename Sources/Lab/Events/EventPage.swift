// The forms of events as the page Documentation/Events.md and as a JSON Schema.

/// Writes down what a log may hold.
public enum EventPage {
  // MARK: Markdown

  /// The tables of all events and of the objects in them.
  public static var tables: String {
    var lines = ["## Every line", ""] + table(EventForm.header)
    for (kind, form) in EventForm.all {
      lines += ["## `\(kind)`", "", form.what, "", "Screens: \(form.screens).", ""]
      lines += table(form.fields)
    }
    lines += ["## Objects", ""]
    for (name, fields) in objects { lines += ["### \(name)", ""] + table(fields) }
    return lines.joined(separator: "\n")
  }

  private static func table(_ fields: [EventField]) -> [String] {
    let rows = fields.map { field in
      "| `\(field.name)` | \(field.shape.words) | \(field.isRequired ? "yes" : "") | "
        + "\(field.what) |"
    }
    return ["| key | value | required | what it is |", "|---|---|---|---|"] + rows + [""]
  }

  /// The objects of all forms by name, each once, in the order in which they are met.
  static var objects: [(name: String, fields: [EventField])] {
    var found: [(name: String, fields: [EventField])] = []
    func look(_ shape: EventShape) {
      switch shape {
      case .list(let inner), .orNull(let inner), .map(let inner): look(inner)
      case .object(let name, let fields):
        if !found.contains(where: { $0.name == name }) { found.append((name, fields)) }
        for field in fields { look(field.shape) }
      case .text, .word, .count, .number, .flag: break
      }
    }
    for (_, form) in EventForm.all { for field in form.fields { look(field.shape) } }
    return found
  }
}

/// JSON Schema, draft 2020-12, of one line.
extension EventPage {
  /// Unknown events and keys are allowed, as readers allow them.
  public static var schema: String {
    let kinds = EventForm.all.map { quoted($0.kind) }.joined(separator: ", ")
    let rules = EventForm.all.map { kind, form in
      "    { \"if\": { \"properties\": { \"event\": { \"const\": \(quoted(kind)) } } },\n"
        + "      \"then\": { \"$ref\": \"#/$defs/\(kind)\" } }"
    }
    let definitions =
      [number] + EventForm.all.map { definition($0.kind, $0.form.what, $0.form.fields) }
      + objects.map { definition($0.name, nil, $0.fields) }
    return """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of Scant's event log",
        "description": "Known events: \(kinds.replacing("\"", with: "")). Others are skipped.",
        \(body(EventForm.header, "  ")),
        "allOf": [
      \(rules.joined(separator: ",\n"))
        ],
        "$defs": {
      \(definitions.joined(separator: ",\n"))
        }
      }

      """
  }

  private static let number =
    "    \"number\": { \"anyOf\": [ { \"type\": \"number\" }, "
    + "{ \"enum\": [\"nan\", \"inf\", \"-inf\"] } ] }"

  private static func definition(_ name: String, _ what: String?, _ fields: [EventField]) -> String
  {
    let text = what.map { "      \"description\": \(quoted($0)),\n" } ?? ""
    return "    \(quoted(name)): {\n\(text)      \(body(fields, "      "))\n    }"
  }

  private static func body(_ fields: [EventField], _ indent: String) -> String {
    let required = fields.filter(\.isRequired).map { quoted($0.name) }.joined(separator: ", ")
    let properties = fields.map { field in
      "\(indent)  \(quoted(field.name)): "
        + "{ \(rule(field.shape)), \"description\": \(quoted(field.what)) }"
    }
    return "\"type\": \"object\",\n\(indent)\"required\": [\(required)],\n"
      + "\(indent)\"properties\": {\n\(properties.joined(separator: ",\n"))\n\(indent)}"
  }

  private static func rule(_ shape: EventShape) -> String {
    switch shape {
    case .text: "\"type\": \"string\""
    case .word(let words): "\"enum\": [\(words.map(quoted).joined(separator: ", "))]"
    case .count: "\"type\": \"integer\", \"minimum\": 0"
    case .number: "\"$ref\": \"#/$defs/number\""
    case .flag: "\"type\": \"boolean\""
    case .list(let inner): "\"type\": \"array\", \"items\": { \(rule(inner)) }"
    case .orNull(let inner): "\"anyOf\": [ { \"type\": \"null\" }, { \(rule(inner)) } ]"
    case .map(let inner): "\"type\": \"object\", \"additionalProperties\": { \(rule(inner)) }"
    case .object(let name, _): "\"$ref\": \(quoted("#/$defs/\(name)"))"
    }
  }

  /// The texts of the forms hold no control characters.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
