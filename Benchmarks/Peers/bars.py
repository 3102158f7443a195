"""A bar chart as SVG: rates side by side on a logarithmic axis."""

import html
import math

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 760, 150, 90, 62, 30, 44
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #222 }
.title { font-size: 16px; font-weight: 600 }
.small { font-size: 11px; fill: #555 }
.grid { stroke: #ddd }
.bar { fill: #9aa7b4 }
.own { fill: #1b6ca8 }
"""


def short(value):
    """Three figures, with k or M for thousand or million."""
    value = float(f"{value:.3g}")
    size, unit = (1e6, " M") if value >= 1e6 else (1e3, " k") if value >= 1e3 else (1, "")
    return f"{value / size:#.3g}".rstrip(".") + unit


def chart(title, subtitle, axis, bars, own):
    """The drawing as text, the longest bar on top; `bars` are values by label, of which `own` is set off."""
    bars = sorted(bars.items(), key=lambda bar: -bar[1])
    values = [value for _, value in bars]
    # Half a decade below the slowest, so that its bar can be seen as one.
    low, high = math.floor(math.log10(min(values)) - 0.5), math.ceil(math.log10(max(values)))
    across = (WIDTH - LEFT - RIGHT) / (high - low)
    bottom = TOP + ROW * len(bars)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom + BOTTOM}">',
        f'<title>{html.escape(title)}</title><style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>',
        f'<text class="title" x="16" y="26">{html.escape(title)}</text>',
        f'<text class="small" x="16" y="45">{html.escape(subtitle)}</text>',
    ]
    for decade in range(low, high + 1):
        x = LEFT + (decade - low) * across
        drawn.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        label = short(10**decade).replace(".00", "").replace(".0", "")
        drawn.append(f'<text class="small" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{label}</text>')
    for number, (label, value) in enumerate(bars):
        top, end = TOP + ROW * number, LEFT + (math.log10(value) - low) * across
        drawn.append(f'<text x="{LEFT - 8}" y="{top + 20}" text-anchor="end">{html.escape(label)}</text>')
        drawn.append(
            f'<rect class="{"own" if label == own else "bar"}" x="{LEFT}" y="{top + 5}" width="{end - LEFT:.1f}" '
            f'height="{ROW - 10}"/>'
        )
        drawn.append(f'<text x="{end + 6:.1f}" y="{top + 20}">{short(value)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    drawn.append(f'<text class="small" x="{middle}" y="{bottom + 34}" text-anchor="middle">{html.escape(axis)}</text>')
    return "\n".join([*drawn, "</svg>"]) + "\n"
