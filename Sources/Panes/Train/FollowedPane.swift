import Canvas
import Lab

/// Watched clips over the epochs: of the classes in which something happens, the label, how the
/// student's answer went, and what student and teacher say now.
struct FollowedPane: PaneView {
  let bench: Workbench

  var title: String { "watched clips" }
  var note: String { "w on 4 Clips" }

  func draw(in rect: Rect, on grid: inout Grid) {
    let rows = rows(rect.height - 1)
    guard !rows.isEmpty else {
      return grid.notice("the answers come after the next evaluation", in: rect)
    }
    let names = max(6, (rect.width - 26) / 2)
    let spark = max(0, rect.width - 2 * names - 14)
    let hasTeacher = bench.run.hasTeacher
    let head = "clip".padded(to: names) + " " + "class".padded(to: names) + "   "
    grid.text(
      [
        StyledText(head + "epochs".padded(to: spark), .faint), StyledText("    S", .student),
        StyledText(hasTeacher ? "    T" : "", .teacher),
      ], x: rect.x + 1, y: rect.y, maxWidth: rect.width - 2)
    for (i, row) in rows.enumerated() {
      draw(
        row, names, spark, in: Rect(x: rect.x, y: rect.y + 1 + i, width: rect.width, height: 1),
        &grid)
    }
  }

  private func draw(
    _ row: WatchedRow, _ names: Int, _ spark: Int, in line: Rect, _ grid: inout Grid
  ) {
    let mark = row.label.mark
    let name = bench.dataset?.classes[at: row.classIndex] ?? ""
    var x = line.x + 1
    x += grid.text(row.clip.padded(to: names) + " ", x: x, y: line.y)
    x += grid.text(name.padded(to: names) + " ", x: x, y: line.y)
    grid.put(bench.glyphs.label(mark), x: x, y: line.y, ink: .role(mark.role))
    let values = (bench[.clips].followed["student/\(row.clip)"] ?? []).compactMap {
      $0.probs[at: row.classIndex].map { Double($0) }
    }
    let place = Rect(x: x + 2, y: line.y, width: spark, height: 1)
    grid.sparkline(values, range: 0...1, ink: .role(.student), in: place)
    let numbers = [(row.student, Role.student), (row.teacher, .teacher)].map { value, role in
      StyledText((value.map { Double($0).fixed(2) } ?? "").padded(to: 5, .right), role)
    }
    grid.text(numbers, x: place.right, y: line.y, maxWidth: max(0, line.right - place.right))
  }

  /// Of each watched clip as many classes as there is room for.
  private func rows(_ room: Int) -> [WatchedRow] {
    let clips = bench[.clips].watched
    guard !clips.isEmpty, room > 0 else { return [] }
    let each = max(1, room / clips.count)
    let all = Dictionary(grouping: WatchedRow.all(bench)) { $0.clip }
    let found = clips.flatMap { (all[$0] ?? []).prefix(each) }
    return Array(found.filter { $0.student != nil || $0.teacher != nil }.prefix(room))
  }
}

/// The answers of a network about a clip at the end of an epoch.
struct FollowedAnswer: Sendable, Equatable {
  var epoch: Int
  var probs: [Float]
}

extension ClipState {
  /// Epochs kept of a watched clip.
  private static let mostFollowed = 64

  /// Keeps an answer about a watched clip; a newer one of the same epoch replaces it.
  mutating func follow(_ new: ClipPrediction, epoch: Int) {
    guard watched.contains(new.clip) else { return }
    let key = "\(new.model)/\(new.clip)"
    var known = followed[key] ?? []
    if known.last?.epoch == epoch { known.removeLast() }
    known.append(FollowedAnswer(epoch: epoch, probs: new.probs))
    followed[key] = known.suffix(Self.mostFollowed)
  }
}
