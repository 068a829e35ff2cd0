import Lab

/// A missing label of a training clip that a person may answer.
struct Question: Sendable, Equatable {
  /// Where it is: indices into the data set's clips and classes.
  struct Cell: Sendable, Hashable {
    var clip, classIndex: Int
  }

  var cell: Cell
  /// The larger, the sooner it is asked.
  var gain: Float
  var teacher: Float?
  var student: Float?

  /// What an answer is expected to teach, 0…1, from the teacher's probability t, the student's s,
  /// and p, the positives observed of each class:
  ///
  ///     gain = |2t − 1| · |t − s| · (1 + min p) / (1 + p)
  ///
  /// certainty of the teacher × disagreement of the two × rarity of the class. Where the teacher is
  /// sure and the student is not of its opinion, one of them is about to be wrong: an answer either
  /// corrects the teacher's strongest claim or gives the student a label it would not have guessed;
  /// and a label is worth more where there are few. Without a teacher it is the student's doubt,
  /// (1 − |2s − 1|) · rarity, which is uncertainty sampling (Lewis & Gale 1994,
  /// doi:10.1007/978-1-4471-2099-5_1); without a model, rarity alone.
  static func gain(teacher: Float?, student: Float?, rarity: Float) -> Float {
    switch (teacher, student) {
    case (let t?, let s?): abs(2 * t - 1) * abs(t - s) * rarity
    case (nil, let s?): (1 - abs(2 * s - 1)) * rarity
    case (_, nil): rarity
    }
  }

  /// Of each class, from its observed positives: the rarest is 1.
  static func rarities(_ counts: [LabelCounts]) -> [Float] {
    let fewest = counts.map(\.positive).min() ?? 0
    return counts.map { Float(1 + fewest) / Float(1 + $0.positive) }
  }
}

/// Asking for missing labels, and what was answered.
struct AnnotationState: Sendable, Equatable {
  /// Clips whose cells are ranked, and questions kept of them.
  static let mostClips = 512
  static let most = 200

  /// Whether the clip list holds questions instead of clips.
  var isOn = false
  var questions: [Question] = []
  /// Cells answered in this sitting, the newest last.
  var given: [Question.Cell] = []
  /// Sent and not in the file yet.
  var pending: [Question.Cell: LabelAnswer.Value] = [:]
  /// What the session's file holds of the open data set.
  var answers: [Question.Cell: LabelAnswer.Value] = [:]
  /// Where that file is; empty before the engine has said so.
  var file = ""
  /// Whether the run that is shown was trained with answers.
  var isLearned = false

  func answer(_ cell: Question.Cell) -> LabelAnswer.Value? { pending[cell] ?? answers[cell] }

  /// Answers of yes or no.
  var count: Int { answers.values.count { $0 != .open } }
}
