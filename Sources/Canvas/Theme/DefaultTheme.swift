/// The theme that all others are based on, compiled into the program. A test compares it with
/// themes/default.yaml.
let defaultThemeText = """
  # The terminal's own colours, and marks that can be seen on black and on white.
  meta:
    name: Default
    background: any
  ui:
    fg: default
    bg: default
    title: "default bold"
    border: ["#767676", 243, default]
    border_focus: ["#af8700", 136, yellow, bold]
    selection: reverse
    muted: ["#767676", 243, default]
    good: ["#00875f", 29, green]
    warn: ["#af5f5f", 131, yellow, underline]
    fault: ["#af5f5f reverse", "131 reverse", "red reverse", reverse]
  series:
    order:
      - ["#005faf", 25, blue]
      - ["#875f00", 94, yellow]
      - ["#00875f", 29, green]
      - ["#ff5f00", 202, red]
      - ["#0087d7", 32, cyan]
      - ["#af5f87", 132, magenta]
    markers:
      ascii: ["o", "^", "#", "d", "O", "v"]
      unicode: ["●", "▲", "■", "◆", "○", "△"]
    student: 0
    teacher: 1
  map:
    sequential:
      stops: ["#00224e", "#575d6d", "#a59c74", "#fde737"]
      levels: 16
      zero: default
    diverging:
      stops: ["#0072b2", "#b0b0b0", "#e69f00"]
      levels: 16
  label:
    positive: ["P", "▓"]
    negative: ["n", "░"]
    missing: [".", "·"]
    masked: ["x", "x"]
    teacher: ["t", "◆"]
    human: ["h", "✓"]
  label_style:
    positive: ["#0072b2", 32, blue]
    negative: default
    missing: ["#767676", 243, default]
    masked: ["#d55e00", 166, red]
    human: ["#009e73", 29, green]
  glyphs:
    tier: auto
    border: single
  """
