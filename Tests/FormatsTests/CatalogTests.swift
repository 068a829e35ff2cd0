// Catalogues find by id and say what there is where an id is unknown.
import Formats
import Testing

private enum Fruit: CatalogProtocol {
  static let kind = "fruit"
  static let all = ["apple", "pear"]
  static func id(of entry: String) -> String { entry }
}

struct CatalogTests {
  @Test func findsById() throws {
    #expect(Fruit.ids == ["apple", "pear"])
    #expect(Fruit.find("pear") == "pear" && Fruit.find("plum") == nil)
    #expect(try Fruit.entry("apple") == "apple")
    let error = #expect(throws: Problem.self) { try Fruit.entry("plum") }
    #expect(error?.description == "plum: no such fruit; expected one of apple, pear")
  }
}
