// Which missing labels a person should give next: candidates scored by a trained run, and ranked.
import Autograd
import Datasets
import Foundation
import Layers
import Methods

/// How missing labels are ranked.
public enum SuggestionRule: String, Sendable, CaseIterable {
  /// Certainty of the teacher × disagreement with the student × rarity of the class. Without a
  /// teacher: uncertainty × rarity. See `LabelGain`.
  case gain
  /// The closest to 0.5 first (Lewis & Gale 1994, doi:10.1007/978-1-4471-2099-5_1).
  case uncertainty
  /// Clips unlike each other: the next clip is the one farthest from all that were chosen before,
  /// k-center greedy on embeddings (Sener & Savarese 2018, arXiv:1708.00489). Of each clip, the
  /// most uncertain label.
  case diversity
  /// Probability of the class by AudioSet's tags × rarity of the class: likely positives of rare
  /// classes first. It needs no run.
  case tags
  /// In random order: what the other rules are compared with.
  case random

  /// Those that a trained run can rank by, without tags.
  package static let trained: [SuggestionRule] = [.gain, .uncertainty, .diversity, .random]

  /// The rule of a run unless somebody chooses. Without a teacher uncertainty is better than the
  /// gain, which then is uncertainty × rarity: Documentation/Labels.md.
  public static func usual(hasTeacher: Bool) -> SuggestionRule { hasTeacher ? .gain : .uncertainty }

  /// Those that rank without a run.
  package static let untrained: [SuggestionRule] = [.diversity, .tags, .random]
}

/// What an answer is expected to teach, 0…1.
public enum LabelGain {
  /// From the teacher's probability t, the student's s and the rarity r of the class:
  ///
  ///     gain = |2t − 1| · |t − s| · r
  ///
  /// If the teacher is certain and the student disagrees, one of them is about to be wrong. An
  /// answer either corrects a confident pseudo-label of the teacher or gives the student a label
  /// that it would not have guessed. Without a teacher the gain is the student's uncertainty,
  /// (1 − |2s − 1|) · r; without a model, r alone.
  public static func of(teacher: Float?, student: Float?, rarity: Float) -> Float {
    switch (teacher, student) {
    case (let t?, let s?): abs(2 * t - 1) * abs(t - s) * rarity
    case (nil, let s?): (1 - abs(2 * s - 1)) * rarity
    case (_, nil): rarity
    }
  }

  /// The rarity of each class, (1 + min p) / (1 + p) with p observed positives: 1 for the rarest.
  public static func rarities(positives: [Int]) -> [Float] {
    let fewest = positives.min() ?? 0
    return positives.map { Float(1 + fewest) / Float(1 + $0) }
  }
}

/// A missing label worth asking about.
public struct LabelSuggestion: Sendable, Equatable {
  public let clip, className: String
  /// By the rule; the larger, the sooner it is asked.
  public let score: Float
  /// nil without a run.
  public let student: Float?
  public let teacher: Float?
  /// Why, in words.
  public let reason: String
  /// What tags say; nil where none is confirmed for the class.
  public let guess: Float?

  package init(
    clip: String, className: String, score: Float, student: Float?, teacher: Float?,
    reason: String, guess: Float? = nil
  ) {
    (self.clip, self.className, self.score) = (clip, className, score)
    (self.student, self.teacher, self.reason) = (student, teacher, reason)
    self.guess = guess
  }
}

/// Missing labels of the training clips, with what is known of them.
struct SuggestionPool {
  struct Cell {
    let clip, classIndex: Int
    /// By the run's networks; nil without one.
    let student, teacher: Float?
    /// By tags.
    let guess: Float?

    /// Of the network that is the method's result, else of the tags; 1 at probability 0.5 and
    /// without either.
    func uncertainty(_ network: NetworkName) -> Float {
      let opinion = network == .teacher ? teacher ?? student : student
      return 1 - abs(2 * (opinion ?? guess ?? 0.5) - 1)
    }
  }

  let clips: [Clip]
  let classes: [String]
  let network: NetworkName
  let cells: [Cell]
  /// Of each clip, for distances between clips.
  let embeddings: [[Float]]
  /// Observed positives of each class.
  let positives: [Int]

  /// The best `count`, ranked.
  func ranked(by rule: SuggestionRule, count: Int, seed: Int) -> [LabelSuggestion] {
    let rarities = LabelGain.rarities(positives: positives)
    switch rule {
    case .gain:
      return best(count) { cell in
        LabelGain.of(
          teacher: cell.teacher, student: cell.student, rarity: rarities[cell.classIndex])
      }
    case .tags: return best(count) { ($0.guess ?? 0) * rarities[$0.classIndex] }
    case .uncertainty: return best(count) { $0.uncertainty(network) }
    case .random:
      var generator = Generator(seed: seed)
      let keys = cells.map { _ in generator.uniform() }
      return zip(keys, cells).sorted { $0.0 < $1.0 }.prefix(count).map {
        suggestion($0.1, 0, "random")
      }
    case .diversity: return diverse(count)
    }
  }

  private func best(_ count: Int, score: (Cell) -> Float) -> [LabelSuggestion] {
    cells.map { ($0, score($0)) }.enumerated()
      .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
      .prefix(count).map { suggestion($0.element.0, $0.element.1, reason($0.element.0)) }
  }

  /// One label of each clip. When all have had their turn, the same clips follow again.
  private func diverse(_ count: Int) -> [LabelSuggestion] {
    let rarities = LabelGain.rarities(positives: positives)
    func worth(_ cell: Cell) -> (Float, Float) {
      (cell.uncertainty(network), rarities[cell.classIndex])
    }
    var byClip = Dictionary(grouping: cells, by: \.clip).mapValues { cells in
      cells.sorted { worth($0) < worth($1) }
    }
    var chosen: [LabelSuggestion] = []
    let order = centers(Array(byClip.keys).sorted(), most: count)
    while chosen.count < count, order.contains(where: { byClip[$0.clip] != nil }) {
      for (clip, distance) in order where chosen.count < count {
        guard let cell = byClip[clip]?.popLast() else { continue }
        if byClip[clip]?.isEmpty == true { byClip[clip] = nil }
        chosen.append(suggestion(cell, distance, "unlike the clips before; \(reason(cell))"))
      }
    }
    return chosen
  }

  /// Clips with their distance to the nearest clip before them, the farthest first. It starts from
  /// the clips with observed labels of every class, since those need no question.
  private func centers(_ candidates: [Int], most: Int) -> [(clip: Int, distance: Float)] {
    func distance(_ a: Int, _ b: Int) -> Float {
      zip(embeddings[a], embeddings[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let asked = Set(candidates)
    let labelled = clips.indices.filter { !asked.contains($0) }
    var nearest = Dictionary(
      uniqueKeysWithValues: candidates.map { clip in
        (clip, labelled.map { distance(clip, $0) }.min() ?? .infinity)
      })
    var order: [(clip: Int, distance: Float)] = []
    while order.count < most,
      let next = nearest.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
    {
      nearest[next.key] = nil
      order.append((next.key, next.value.isFinite ? next.value.squareRoot() : 0))
      for clip in nearest.keys {
        nearest[clip] = min(nearest[clip] ?? .infinity, distance(clip, next.key))
      }
    }
    return order
  }

  private func suggestion(_ cell: Cell, _ score: Float, _ reason: String) -> LabelSuggestion {
    LabelSuggestion(
      clip: clips[cell.clip].id, className: classes[cell.classIndex], score: score,
      student: cell.student, teacher: cell.teacher, reason: reason, guess: cell.guess)
  }

  private func reason(_ cell: Cell) -> String {
    let count = positives[cell.classIndex]
    let rarity = "\(count) observed \(count == 1 ? "positive" : "positives")"
    guard let student = cell.student else {
      return (cell.guess.map { "tags say \($0.short), " } ?? "") + rarity
    }
    guard let teacher = cell.teacher else { return "probability \(student.short), \(rarity)" }
    let opinion = abs(teacher - student) >= 0.1 ? "disagree" : "agree"
    return "teacher \(teacher.short) and student \(student.short) \(opinion), \(rarity)"
  }
}

extension Float {
  fileprivate var short: String { String(format: "%.2f", self) }
}

extension RunExecutor {
  /// Ranks the missing labels of a run's training clips; blocking.
  ///
  /// - Parameters:
  ///   - folder: A run with a checkpoint.
  ///   - patch: Answers given so far; their entries are left out, also those left open.
  ///   - count: The number of suggestions, or fewer if fewer labels are missing.
  ///   - rule: nil is the usual one of the run.
  ///   - seed: Of the random order.
  ///   - guesses: What tags say.
  /// - Throws: One line if the data set cannot be opened or the run cannot be loaded.
  public func suggestions(
    _ folder: RunFolder, patch: LabelPatch?, count: Int, by rule: SuggestionRule?, seed: Int = 0,
    guesses: TagGuesses? = nil, progress: PreparationHandler? = nil
  ) throws -> [LabelSuggestion] {
    let model = try TrainedModel(folder)
    configureThreads(model.recipe)
    let prepared = try data.prepare(model.recipe, training: false, progress: progress)
    try model.demandClasses(of: prepared, folder)
    let scored = try TrainingScores(model, prepared, progress: progress)
    return try scored.pool(model, prepared, patch, guesses)
      .ranked(
        by: rule ?? .usual(hasTeacher: model[.teacher] != nil), count: count, seed: seed)
  }
}

extension TrainedModel {
  /// Throws one line where the data set has other classes than the run.
  func demandClasses(of prepared: PreparedData, _ folder: RunFolder) throws {
    guard prepared.dataset.classes == classes else {
      throw LabError("\(folder.url.path): the data set has other classes than the run")
    }
  }
}

/// What a run's networks say of all training clips, whatever is known of their labels.
struct TrainingScores {
  /// [N, C], in the order of the training clips.
  private let students: [Float]
  private let teachers: [Float]?
  /// Of each clip by the student.
  private let embeddings: [[Float]]

  /// `progress`: called before each batch; `false` throws `CancellationError`.
  init(_ model: TrainedModel, _ prepared: PreparedData, progress: PreparationHandler?) throws {
    let data = Self.loader(model, prepared, prepared.clips(model.recipe))
    let size = model.recipe.training[TrainingSettings.batch]
    let total = data.clips.count
    var (students, teachers, embeddings) = ([Float](), [Float](), [[Float]]())
    for start in stride(from: 0, to: total, by: size) {
      let step = Preparation(what: "scoring training clips", done: start, total: total, eta: nil)
      guard progress?(step) ?? true else { throw CancellationError() }
      let indices = Array(start..<min(start + size, total))
      let student = model.networks[0].classifier
      students += data.probabilities(of: student, at: indices)
      if let teacher = model[.teacher] { teachers += data.probabilities(of: teacher, at: indices) }
      let values = student(data.view(indices, segment: 0), .evaluation()).embedding.values
      let width = values.count / indices.count
      embeddings += indices.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    self.students = students
    self.teachers = model[.teacher] == nil ? nil : teachers
    self.embeddings = embeddings
  }

  private static func loader(
    _ model: TrainedModel, _ prepared: PreparedData, _ clips: [Clip]
  ) -> Loader {
    model.loader(clips.filter { $0.split == .train }, prepared)
  }

  /// The labels that are missing behind these answers. Throws `Problem` for an answer to an unknown
  /// clip or class.
  func pool(
    _ model: TrainedModel, _ prepared: PreparedData, _ patch: LabelPatch?,
    _ guesses: TagGuesses? = nil
  ) throws -> SuggestionPool {
    let questions = try OpenQuestions(prepared.dataset, model.recipe, patch)
    let clips = Self.loader(model, prepared, questions.clips).clips
    let count = model.classes.count
    return questions.pool(clips, embeddings, model.result, guesses) { clip, column in
      (students[clip * count + column], teachers.map { $0[clip * count + column] })
    }
  }
}

/// Which labels of a recipe's clips are missing and were not asked about.
struct OpenQuestions {
  /// Of the recipe, with the answers.
  let clips: [Clip]
  private let classes: [String]
  private let answered: Set<String>

  /// Throws `Problem` for an answer to an unknown clip or class.
  init(_ dataset: any Dataset, _ recipe: Recipe, _ patch: LabelPatch?) throws {
    let clips = recipe.hiding(dataset.clips)
    classes = dataset.classes
    self.clips =
      try patch.map {
        try PatchedClips(
          $0, clips: clips, of: Set(dataset.clips.map(\.id)), classes: dataset.classes
        ).clips
      } ?? clips
    answered = Set((patch?.answers ?? []).map { "\($0.clip)\t\($0.className)" })
  }

  /// `clips`: those that can be asked about. `embeddings`: a row for each of them. `opinion`: of
  /// student and teacher, by clip and class.
  func pool(
    _ clips: [Clip], _ embeddings: [[Float]], _ network: NetworkName, _ guesses: TagGuesses?,
    opinion: (Int, Int) -> (Float?, Float?)
  ) -> SuggestionPool {
    var cells: [SuggestionPool.Cell] = []
    for (index, clip) in clips.enumerated() {
      for column in classes.indices
      where clip.labels[column] == nil && !answered.contains("\(clip.id)\t\(classes[column])") {
        let (student, teacher) = opinion(index, column)
        cells.append(
          SuggestionPool.Cell(
            clip: index, classIndex: column, student: student, teacher: teacher,
            guess: guesses?[clip.id, classes[column]]))
      }
    }
    let positives = classes.indices.map { column in
      clips.count { ($0.labels[column] ?? 0) >= 0.5 }
    }
    return SuggestionPool(
      clips: clips, classes: classes, network: network, cells: cells, embeddings: embeddings,
      positives: positives)
  }
}
