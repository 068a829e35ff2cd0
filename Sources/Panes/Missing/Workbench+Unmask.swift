import Lab

/// `u` on 5 Missing: a masked label answered by hand.
extension Workbench {
  /// The one masked label behind the cursor counts as no, an answer that the next run may learn
  /// from; where there is none but such an answer, that is taken back.
  mutating func unmask() -> [Effect] {
    guard let dataset, mapClasses.indices.contains(cursor(.map)) else {
      return said("no data set is open; 1 Data, then enter")
    }
    guard isOwnDataset else { return refuseAnswers() }
    let c = mapClasses[cursor(.map)]
    let cells = cellRange.map { Question.Cell(clip: missing.clips[$0], classIndex: c) }
    let masked = cells.filter { isMasked($0, dataset) && annotation.answer($0) == nil }
    if masked.count > 1 {
      return said("\(masked.count) masked labels here; b shows one clip a column")
    }
    guard let cell = masked.first else {
      guard let answered = cells.first(where: { annotation.answer($0) == .no }) else {
        return said("no masked label here; tab shows what a method masks")
      }
      return takeBack(answered, dataset)
    }
    annotation.pending[cell] = .no
    let (clip, name) = (dataset.clips[cell.clip].id, dataset.classes[c])
    say("\(name) in \(clip) counts as no; u takes it back, U on 4 Clips lets the next run learn it")
    let answer = LabelAnswer(clip: clip, className: name, value: .no, run: run.run)
    return [.engine(.labels(.answer(answer)))]
  }

  private func isMasked(_ cell: Question.Cell, _ dataset: OpenDataset) -> Bool {
    guard let mask = missing.mask, let number = trainingNumbers(dataset)[cell.clip] else {
      return false
    }
    return mask.scores[number * dataset.classes.count + cell.classIndex] != nil
  }
}
