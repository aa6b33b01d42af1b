"""The chart: CPU time per request as horizontal bars, one panel per scenario, as SVG for light and dark pages.

Each panel has a scale of its own, since a body of 1,000 models costs a hundred times what a greeting costs; what is
to be compared stands in one panel, and every bar carries its figure.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from benchmarks.measurements import Results

COLUMNS = 2
PANEL_WIDTH, GAP, MARGIN = 440, 28, 20
LABEL_WIDTH, FIGURE_WIDTH = 136, 64
ROW_HEIGHT, BAR_HEIGHT = 21, 13
TITLE_HEIGHT, PANEL_HEAD, PANEL_FOOT = 64, 28, 18
BAR_WIDTH = PANEL_WIDTH - LABEL_WIDTH - FIGURE_WIDTH

# (light, dark); Vivace's two doors share a hue, its peers are quieter.
COLOURS = {
    "vivace-wire": ("#6d28d9", "#a78bfa"),
    "vivace-asgi": ("#a78bfa", "#7650c9"),
    "go": ("#6fa8bd", "#4f8ea6"),
    "fastify": ("#a4acb4", "#717a84"),
    "fastapi": ("#86b5a1", "#4f8a73"),
}
OTHER_COLOUR = ("#b45309", "#d9954a")

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 }
.panel { font-size: 13px; font-weight: 600 }
.note, .label { font-size: 12px; fill: #59636e }
.figure { font-size: 12px; font-variant-numeric: tabular-nums }
.own { font-weight: 600; fill: #1f2328 }
.axis { stroke: #d1d9e0 }
""".strip()
DARK_STYLE = """
text { fill: #f0f6fc } .note, .label { fill: #9198a1 } .own { fill: #f0f6fc } .axis { stroke: #3d444d }
""".strip()


def draw(results: Results) -> str:
    """The whole chart as an SVG document."""
    panel_height = PANEL_HEAD + len(results.peers) * ROW_HEIGHT + PANEL_FOOT
    lines = -(-len(results.scenarios) // COLUMNS)
    width = 2 * MARGIN + COLUMNS * PANEL_WIDTH + (COLUMNS - 1) * GAP
    height = TITLE_HEIGHT + lines * panel_height + MARGIN // 2
    panels = []
    for place, scenario in enumerate(results.scenarios):
        x = MARGIN + (place % COLUMNS) * (PANEL_WIDTH + GAP)
        y = TITLE_HEIGHT + (place // COLUMNS) * panel_height
        panels.append(f'<g transform="translate({x} {y})">\n{draw_panel(results, scenario)}\n</g>')
    return "\n".join([open_svg(width, height, results), *panels, "</svg>", ""])


def open_svg(width: int, height: int, results: Results) -> str:
    machine = escape(f"{results.machine['CPU']}, {results.date.partition(' ')[0]}")
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="CPU time per request, by scenario and server">
<style>
{STYLE}
{bar_style(results, 0)}
@media (prefers-color-scheme: dark) {{
{DARK_STYLE}
{bar_style(results, 1)}
}}
</style>
<text class="title" x="{MARGIN}" y="26">Microseconds of CPU per request: less is better</text>
<text class="note" x="{MARGIN}" y="45">One core, {machine}. Each panel has its own scale.</text>"""


def bar_style(results: Results, shade: int) -> str:
    return "\n".join(f".{peer} {{ fill: {COLOURS.get(peer, OTHER_COLOUR)[shade]} }}" for peer in results.peers)


def draw_panel(results: Results, scenario: str) -> str:
    cells = {peer: results.cell(scenario, peer) for peer in results.peers}
    longest = max((cell.cpu_us for cell in cells.values() if cell), default=1.0)
    rows = [f'<text class="panel" x="0" y="16">{escape(results.scenarios[scenario].replace("`", ""))}</text>']
    for place, (peer, cell) in enumerate(cells.items()):
        if cell:
            y = PANEL_HEAD + place * ROW_HEIGHT
            rows.append(draw_bar(peer, results.peers[peer], y, cell.cpu_us, longest))
    bottom = PANEL_HEAD + len(cells) * ROW_HEIGHT - 4
    axis = f'<line class="axis" x1="{LABEL_WIDTH}" x2="{LABEL_WIDTH}" y1="{PANEL_HEAD - 4}" y2="{bottom}"/>'
    return "\n".join([*rows, axis])


def draw_bar(peer: str, title: str, y: int, value: float, longest: float) -> str:
    """One row: the peer's name, its bar, its figure. `y` is the row's top within its panel."""
    length = max(value / longest * BAR_WIDTH, 1.0)
    baseline = y + BAR_HEIGHT - 2
    own = " own" if peer.startswith("vivace") else ""
    return "\n".join(
        [
            f'<text class="label{own}" x="{LABEL_WIDTH - 8}" y="{baseline}" text-anchor="end">{escape(title)}</text>',
            f'<rect class="{peer}" x="{LABEL_WIDTH}" y="{y}" width="{length:.1f}" height="{BAR_HEIGHT}" rx="2"/>',
            f'<text class="figure{own}" x="{LABEL_WIDTH + length + 6:.1f}" y="{baseline}">{show_us(value)}</text>',
        ]
    )


def show_us(value: float) -> str:
    """Three digits that mean something: `12.3`, `146`, `2,500`."""
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"
