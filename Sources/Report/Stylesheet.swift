// The colours and type of reports, light and dark, on screen and on paper.

enum Stylesheet {
  /// Colours of series.
  static let colors = 8

  /// The names of all colours. Contrast with the ground is at least 4.5 for words and 3 for marks.
  private static let palette: StaticString = """
    :root{color-scheme:light dark;--ground:#ffffff;--panel:#f5f6f8;--ink:#1b1f24;--soft:#57606a;\
    --rule:#d0d7de;--link:#0969da;--positive:#0072b2;--negative:#8a6d3b;--missing:#d8dde3;\
    --good:#116329;--bad:#a40e26;--c0:#0063a6;--c1:#c24a00;--c2:#007a58;--c3:#9c3d7c;--c4:#7d6200;\
    --c5:#3f6fd8;--c6:#6b4fa0;--c7:#5b6570}
    @media (prefers-color-scheme:dark){:root{--ground:#15181c;--panel:#1e2329;--ink:#e6e9ed;\
    --soft:#a0a9b4;--rule:#3a424c;--link:#79b8ff;--positive:#5db7f0;--negative:#d3a95c;\
    --missing:#3d454f;--good:#6fd08c;--bad:#ff8a80;--c0:#56b4e9;--c1:#f28e52;--c2:#3fc59a;\
    --c3:#e08fbf;--c4:#dcc14a;--c5:#8fa8ff;--c6:#b79be8;--c7:#a9b4bf}}
    """

  private static let marks: StaticString = """
    svg{font:12px system-ui,sans-serif}svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}
    svg .grid{stroke:var(--rule);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
    svg .line{fill:none;stroke-width:2}svg .range{stroke-dasharray:none;stroke-width:1.5}
    svg .band{opacity:.18;stroke:none}
    svg .positive{fill:var(--positive)}svg .negative{fill:var(--negative)}
    svg .missing{fill:var(--missing)}svg .strong{font-weight:600}
    svg .fill0{fill:var(--c0)}svg .fill1{fill:var(--c1)}svg .fill2{fill:var(--c2)}
    svg .fill3{fill:var(--c3)}svg .fill4{fill:var(--c4)}svg .fill5{fill:var(--c5)}
    svg .fill6{fill:var(--c6)}svg .fill7{fill:var(--c7)}
    svg .stroke0{stroke:var(--c0)}svg .stroke1{stroke:var(--c1);stroke-dasharray:7 3}
    svg .stroke2{stroke:var(--c2);stroke-dasharray:2 3}
    svg .stroke3{stroke:var(--c3);stroke-dasharray:9 3 2 3}
    svg .stroke4{stroke:var(--c4)}svg .stroke5{stroke:var(--c5);stroke-dasharray:7 3}
    svg .stroke6{stroke:var(--c6);stroke-dasharray:2 3}
    svg .stroke7{stroke:var(--c7);stroke-dasharray:9 3 2 3}
    """

  private static let layout: StaticString = """
    *{box-sizing:border-box}html{background:var(--ground)}
    body{margin:0 auto;max-width:68rem;padding:1.5rem 1.25rem 4rem;background:var(--ground);\
    color:var(--ink);font:16px/1.55 system-ui,sans-serif;overflow-wrap:break-word}
    h1{font-size:1.7rem;line-height:1.25;margin:.2rem 0 .6rem}
    h2{font-size:1.25rem;margin:2.4rem 0 .8rem;border-bottom:1px solid var(--rule);\
    padding-bottom:.25rem}
    h3{font-size:1rem;margin:1.4rem 0 .4rem}p,ul{margin:.5rem 0;max-width:46rem}
    a{color:var(--link)}a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{\
    outline:3px solid var(--link);outline-offset:2px}
    .lede{font-size:1.1rem}.soft,figcaption,caption{color:var(--soft)}
    nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:0;list-style:none}
    figure{margin:1.2rem 0;max-width:100%;overflow-x:auto}
    figure svg{max-width:100%;min-width:34rem;height:auto;display:block}
    figcaption{font-size:.88rem;max-width:46rem;margin-top:.3rem}
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-size:.88rem;padding:.2rem 0;caption-side:bottom}
    th,td{padding:.28rem .7rem;border-bottom:1px solid var(--rule);text-align:left;\
    vertical-align:top}
    thead th{border-bottom:2px solid var(--soft);white-space:nowrap}
    .number{text-align:right;white-space:nowrap}.best{font-weight:650}
    .shown{color:var(--good)}.reversed{color:var(--bad)}
    .clips{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1.2rem}
    .clip{background:var(--panel);border:1px solid var(--rule);border-radius:.5rem;\
    padding:.8rem;break-inside:avoid}
    .clip h3{margin-top:0;font-size:.95rem}.clip img{width:100%;height:7rem;display:block;\
    image-rendering:auto;border-radius:.25rem}
    .clip audio{width:100%;margin-top:.5rem}.clip table{width:100%;margin-top:.5rem}
    .clip td,.clip th{padding:.12rem .25rem;font-size:.8rem}.clip thead th{white-space:normal}
    pre{background:var(--panel);border:1px solid var(--rule);border-radius:.4rem;padding:.8rem;\
    overflow-x:auto;font-size:.82rem;line-height:1.45}code{font-size:.9em}
    summary{cursor:pointer;padding:.2rem 0}
    """

  private static let paper: StaticString = """
    @media print{:root{color-scheme:light;--ground:#fff;--panel:#fff;--ink:#000;--soft:#333;\
    --rule:#c4c4c4;--link:#000;--positive:#0072b2;--negative:#8a6d3b;--missing:#d8dde3;\
    --good:#116329;\
    --bad:#a40e26;--c0:#0063a6;--c1:#c24a00;--c2:#007a58;--c3:#9c3d7c;--c4:#7d6200;--c5:#3f6fd8;\
    --c6:#6b4fa0;--c7:#5b6570}
    body{max-width:none;padding:0;font-size:10.5pt}nav,audio{display:none}
    table{font-size:8pt}th,td{padding:.15rem .35rem}.scroll,figure{overflow:visible}
    figure svg{min-width:0}
    figure,tr,.clip{break-inside:avoid}h2,h3{break-after:avoid}
    .clips{grid-template-columns:1fr 1fr}}
    """

  /// Of a page.
  static var page: Markup {
    .tag("style", [palette, marks, layout, paper].map(Markup.verbatim))
  }

  /// Of a figure in a file of its own: light colours, written out, since converters and editors of
  /// SVG do not know variables.
  static var figure: Markup {
    let light = "\(palette)".prefix { $0 != "}" }
    let style = light.matches(of: /--([a-z0-9]+):(#[0-9a-f]+)/).reduce("\(marks)") { css, match in
      css.replacing("var(--\(match.output.1))", with: match.output.2)
    }
    return .tag("style", style)
  }
}
