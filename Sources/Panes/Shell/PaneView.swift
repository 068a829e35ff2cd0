import Canvas

/// What is inside a pane's border, and what the border says.
protocol PaneView: Widget {
  var title: String { get }
  /// At the right of the title.
  var note: String { get }
  /// The line of the pane's list that is drawn on row `y` of the screen; nil where there is none.
  func line(at y: Int, in rect: Rect) -> Int?
}

extension PaneView {
  var note: String { "" }
  func line(at y: Int, in rect: Rect) -> Int? { nil }
}

/// Lines of text in a pane: what is to be said, and what to do about it.
struct Notice: Widget {
  var lines: [StyledText]
  var glyphs: GlyphSet

  init(_ lines: [StyledText], glyphs: GlyphSet) {
    self.lines = lines
    self.glyphs = glyphs
  }

  func draw(in rect: Rect, on grid: inout Grid) {
    let shown = lines.flatMap { $0.folded(to: rect.width - 2) }
    for (row, line) in shown.prefix(rect.height).enumerated() {
      grid.text([line], x: rect.x + 1, y: rect.y + row, maxWidth: rect.width - 2)
    }
  }
}

extension StyledText {
  /// Itself where it fits, spaces and all; else broken at spaces.
  func folded(to width: Int) -> [StyledText] {
    guard text.columns > width else { return [self] }
    return text.wrapped(to: width).map { StyledText($0, ink: ink, paper: paper) }
  }
}

extension Workbench {
  func view(of pane: Pane, _ glyphs: GlyphSet) -> any PaneView {
    switch pane {
    case .datasets: DatasetList(bench: self, glyphs: glyphs)
    case .classes: ClassTable(bench: self, glyphs: glyphs)
    case .sample: SampleList(bench: self, glyphs: glyphs)
    case .methods: MethodList(bench: self, glyphs: glyphs)
    case .form: RecipeForm(bench: self, glyphs: glyphs)
    case .runs: RunList(bench: self, glyphs: glyphs)
    case .explain: Explanation(bench: self, glyphs: glyphs)
    case .loss: CurvePane(bench: self, glyphs: glyphs, kind: .loss)
    case .metric: CurvePane(bench: self, glyphs: glyphs, kind: .metric)
    case .terms: TermTable(bench: self, glyphs: glyphs)
    case .scores: ScoreBoard(bench: self, glyphs: glyphs)
    case .classScores: ClassScoreList(bench: self, glyphs: glyphs)
    case .log: LogPane(bench: self, glyphs: glyphs)
    case .formula: FormulaPane(bench: self, glyphs: glyphs)
    case .phases: PhasePane(bench: self, glyphs: glyphs)
    case .watched: WatchedPane(bench: self, glyphs: glyphs)
    case .batch: BatchPane(bench: self, glyphs: glyphs)
    case .ownDistances: DistanceMap(bench: self, glyphs: glyphs, kind: .own)
    case .theirDistances: DistanceMap(bench: self, glyphs: glyphs, kind: .theirs)
    case .distanceGap: DistanceMap(bench: self, glyphs: glyphs, kind: .gap)
    case .agreement: AgreementPane(bench: self, glyphs: glyphs)
    case .clipList where annotation.isOn: QuestionList(bench: self, glyphs: glyphs)
    case .clipList: ClipList(bench: self, glyphs: glyphs)
    case .history: ClipHistory(bench: self, glyphs: glyphs)
    case .spectrogram: SpectrogramPane(bench: self, glyphs: glyphs)
    case .predictions where clips.showsActivations: ActivationMap(bench: self, glyphs: glyphs)
    case .predictions: PredictionList(bench: self, glyphs: glyphs)
    case .map: MissingMap(bench: self, glyphs: glyphs)
    case .shares: ShareTable(bench: self, glyphs: glyphs)
    case .cell: CellReport(bench: self, glyphs: glyphs)
    case .compared: ComparedRuns(bench: self, glyphs: glyphs)
    case .overlay: OverlayPlot(bench: self, glyphs: glyphs)
    case .differences: DifferencePane(bench: self, glyphs: glyphs)
    case .deltas: DeltaPane(bench: self, glyphs: glyphs)
    case .sessionList: SessionList(bench: self, glyphs: glyphs)
    case .sessionDetail: SessionDetail(bench: self, glyphs: glyphs)
    case .timeline: Timeline(bench: self, glyphs: glyphs)
    }
  }
}
