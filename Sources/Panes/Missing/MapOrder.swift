import Canvas
import Lab

/// `s` on 5 Missing.
extension MissingScreen {
  /// Orders of the rows and of the columns of the map.
  static func askOrder(_ bench: inout Workbench) -> [Effect] {
    let classes = ClassOrder.allCases.map { order in
      Menu.Choice(order.key, "classes by \(order.rawValue)") {
        $0[.missing].order = order
        return askTeacher(&$0)
      }
    }
    let clips = [
      Menu.Choice("k", "clips by class") { reorderClips(&$0, .byClass) },
      Menu.Choice("c", "clips by data set") { reorderClips(&$0, .dataset) },
      Menu.Choice("l", "clips by missing labels") { reorderClips(&$0, .missing) },
    ]
    bench.overlay = Menu(title: "sort", choices: classes + clips)
    return []
  }

  private static func reorderClips(
    _ bench: inout Workbench, _ order: MissingState.ClipOrder
  ) -> [Effect] {
    bench[.missing].clipOrder = order
    bench[.missing].position = 0
    resum(&bench)
    return askTeacher(&bench)
  }
}
