// Documentation/Events.md and its JSON Schema say what the events hold.
import Foundation
import Lab
import TestSupport
import Testing

@Suite struct EventPageTests {
  private static let folder = SharedData.packageRoot.appendingPathComponent("Documentation")
  private static let page = folder.appendingPathComponent("Events.md")
  private static let schema = folder.appendingPathComponent("events.schema.json")
  private static let mark = "--filter EventPageTests -->\n\n"

  /// `SCANT_UPDATE_GOLDEN=1`, and never in CI, writes both instead.
  @Test func pageAndSchemaMatchTheForms() throws {
    let page = try String(contentsOf: Self.page, encoding: .utf8)
    let head = try #require(page.range(of: Self.mark)).upperBound
    let expected = page[..<head] + EventPage.tables
    let environment = ProcessInfo.processInfo.environment
    if environment["SCANT_UPDATE_GOLDEN"] == "1", environment["CI"] == nil {
      try expected.write(to: Self.page, atomically: true, encoding: .utf8)
      try EventPage.schema.write(to: Self.schema, atomically: true, encoding: .utf8)
      return
    }
    let how = "SCANT_UPDATE_GOLDEN=1 script/test --filter EventPageTests writes both anew"
    #expect(page == expected, "\(how)")
    #expect(try String(contentsOf: Self.schema, encoding: .utf8) == EventPage.schema, "\(how)")
  }

  /// A body's properties are its keys: none is without a row, and no row is without a property.
  @Test(arguments: Samples.bodies.indices) func formsNameEveryProperty(_ index: Int) {
    let body = Samples.bodies[index]
    guard !(body is Scalars) else { return }  // It keeps its values in a form of its own.
    let properties = Set(Mirror(reflecting: body).children.compactMap(\.label))
    #expect(Set(type(of: body).form.fields.map(\.name)) == properties, "\(body.kind)")
  }

  @Test func objectsNameEveryProperty() throws {
    func names(_ value: Any) -> Set<String> {
      Set(Mirror(reflecting: value).children.compactMap(\.label))
    }
    func keys(_ shape: EventShape) -> Set<String> {
      guard case .object(_, let fields) = shape else { return [] }
      return Set(fields.map(\.name))
    }
    #expect(keys(.term) == names(Samples.term))
    #expect(keys(.interval) == names(ScoreInterval(json: ["low": 0, "high": 1, "draws": 9])))
    #expect(
      keys(.classScore)
        == names(ClassScore(json: ["name": "a", "observed": 1, "positives": 0])))
    #expect(
      keys(.tensor)
        == names(
          TensorSummary(json: [
            "name": "a", "shape": [1], "min": 0, "max": 1, "mean": 0, "norm": 1, "nonFinite": 0,
          ])))
  }

  @Test func schemaIsJSON() throws {
    let data = Data(EventPage.schema.utf8)
    let whole = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let rules = try #require(whole["allOf"] as? [Any])
    #expect(rules.count == EventRegistry.bodies.count)
    #expect(whole["required"] as? [String] == EventForm.header.map(\.name))
  }
}
