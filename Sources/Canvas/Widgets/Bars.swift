/// How the filled part of a bar is coloured.
public enum BarPaint: Sendable, Hashable {
  /// By the place along the bar.
  case ramp(ColorRamp)
  /// In one colour, as for a model or a run.
  case ink(Ink)

  public static let value = BarPaint.ramp(.value)
  public static func role(_ role: Role) -> BarPaint { .ink(.role(role)) }

  /// The colour of a cell at a share of the bar's length.
  func ink(at share: Double) -> Ink {
    switch self {
    case .ramp(let ramp): .ramp(ramp, ColorRamp.level(share))
    case .ink(let ink): ink
    }
  }
}

extension Grid {
  /// A horizontal bar in the first row of `rect`, `share` of it filled, 0…1. The rest is the track.
  /// The quarter of air above separates rows; the end is blended, so that it moves by less than a
  /// cell. Where the theme has no track, cells are whole and the rest is dotted.
  public mutating func bar(_ share: Double, in rect: Rect, paint: BarPaint = .value) {
    let width = rect.width
    let share = share.isFinite ? min(1, max(0, share)) : 0
    guard width > 0, rect.height > 0 else { return }
    guard glyphs.hasPapers else {
      let text = glyphs.bar(share, width: width)
      for (i, glyph) in text.enumerated() {
        let place = width > 1 ? Double(i) / Double(width - 1) : 1
        put(
          glyph, x: rect.x + i, y: rect.y,
          ink: glyph == glyphs.dot ? .role(.faint) : paint.ink(at: place))
      }
      return
    }
    let filled = share * Double(width)
    for i in 0..<width {
      let part = min(1, max(0, filled - Double(i)))
      let color = paint.ink(at: width > 1 ? Double(i) / Double(width - 1) : 1)
      let ink: Ink =
        part < 0.04
        ? .role(.track) : part >= 0.96 ? color : color.mixed(with: .role(.track), 1 - part)
      put("▆", x: rect.x + i, y: rect.y, ink: ink)
    }
  }

  /// Shares one after another on a track, blended where they meet.
  public mutating func stackedBar(_ parts: [(share: Double, role: Role)], in rect: Rect) {
    for i in 0..<rect.width where rect.height > 0 {
      var ink = Ink.role(.track), most = 0.0, start = 0.0
      for part in parts where part.share.isFinite {
        let end = start + part.share * Double(rect.width)
        let covered = min(end, Double(i + 1)) - max(start, Double(i))
        start = end
        guard covered > most else { continue }
        most = covered
        ink =
          covered > 0.96
          ? .role(part.role) : Ink.role(part.role).mixed(with: .role(.track), 1 - covered)
      }
      put("▆", x: rect.x + i, y: rect.y, ink: ink)
    }
  }

  /// A mark on a bar, `share` of the way along `rect`: a second value, or a threshold.
  public mutating func barMark(
    _ share: Double, in rect: Rect, glyph: Character = "┃", ink: Ink
  ) {
    guard rect.width > 0, rect.height > 0, share.isFinite else { return }
    let at = min(rect.width - 1, max(0, Int(share * Double(rect.width))))
    put(glyphs.pick(glyph, "|"), x: rect.x + at, y: rect.y, ink: ink)
  }

  /// A curve of one row, with the newest value on the right. `range`: nil for the range of the
  /// finite values.
  public mutating func sparkline(
    _ values: [Double], range: ClosedRange<Double>? = nil, ink: Ink = .role(.series0),
    in rect: Rect
  ) {
    guard !rect.isEmpty else { return }
    let shown = values.suffix(rect.width)
    let finite = shown.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(), let high = range?.upperBound ?? finite.max()
    else { return }
    for (i, value) in shown.enumerated() where value.isFinite {
      let share = high > low ? (value - low) / (high - low) : 0.5
      let level = 1 + Int((min(1, max(0, share)) * 7).rounded())
      put(glyphs.column(level), x: rect.x + i, y: rect.y, ink: ink)
    }
  }

  /// A value with an interval around it, shares of `rect`.
  public mutating func interval(
    _ low: Double, _ middle: Double, _ high: Double, ink: Ink, in rect: Rect
  ) {
    dots([(middle, ink, glyphs.pick("●", "o"))], in: rect)
    guard rect.width > 0, low.isFinite, high.isFinite else { return }
    let places = [low, middle, high].map { share in
      rect.x + Int((min(1, max(0, share)) * Double(rect.width - 1)).rounded())
    }
    for x in places[0]...max(places[0], places[2]) where x != places[1] {
      put(glyphs.pick("─", "-"), x: x, y: rect.y, ink: ink)
    }
  }

  /// A small circle per value on a line, 0…1 along `rect`; a later one lies on an earlier one.
  public mutating func dots(_ marks: [(share: Double, ink: Ink, glyph: Character)], in rect: Rect) {
    guard rect.width > 0, rect.height > 0 else { return }
    for x in rect.x..<rect.right {
      put(glyphs.pick("┈", "."), x: x, y: rect.y, ink: .role(glyphs.hasPapers ? .grid : .faint))
    }
    for mark in marks where mark.share.isFinite {
      let x = rect.x + Int((min(1, max(0, mark.share)) * Double(rect.width - 1)).rounded())
      put(mark.glyph, x: x, y: rect.y, ink: mark.ink)
    }
  }
}
