#!/usr/bin/env python3
"""Draws docs/images/speed.svg out of the table "Compared with other engines" of bench/RESULTS.md.

A bar is the ratio of training speeds, this engine to another one at its best settings, on a logarithmic axis.
    python3 bench/speed-chart.py
"""
import math
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLOURS = {"PyTorch": "#c2410c", "MXNet": "#15803d", "oneDNN": "#7c3aed", "Deeplearning4j": "#64748b"}
LEFT, WIDTH, BAR, GAP, TOP = 220, 520, 13, 12, 58
LEAST, MOST = 0.5, 32.0


def ratios():
    """[(network, {engine: ratio})] in the order of the table; rows without a ratio are left out."""
    section = (ROOT / "bench/RESULTS.md").read_text().split("## Compared with other engines")[1].split("\n## ")[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 11 and cells[1] in COLOURS and cells[5].replace(".", "").isdigit():
            found.setdefault(cells[0], {})[cells[1]] = float(cells[5])
    return list(found.items())


def x(ratio):
    return LEFT + WIDTH * (math.log(ratio / LEAST) / math.log(MOST / LEAST))


def draw(rows):
    out, y = [], TOP
    for ratio in (0.5, 1, 2, 4, 8, 16, 32):
        dash = "" if ratio == 1 else ' stroke-dasharray="2 4"'
        out.append(f'<line x1="{x(ratio):.1f}" y1="{TOP - 8}" x2="{x(ratio):.1f}" y2="BOTTOM" stroke="#94a3b8"{dash}/>')
        out.append(f'<text x="{x(ratio):.1f}" y="AXIS" text-anchor="middle">{ratio:g} x</text>')
    for network, engines in rows:
        out.append(f'<text x="{LEFT - 10}" y="{y + 11}" text-anchor="end">{network}</text>')
        for engine in COLOURS:
            if engine not in engines:
                continue
            ratio = engines[engine]
            start, end = sorted((x(1), x(ratio)))
            out.append(f'<rect x="{start:.1f}" y="{y}" width="{end - start:.1f}" height="{BAR - 2}" '
                       f'fill="{COLOURS[engine]}"/>')
            out.append(f'<text x="{max(start, end) + 5:.1f}" y="{y + 10}" class="small">{ratio:g}</text>')
            y += BAR
        y += GAP
    for i, (engine, colour) in enumerate(COLOURS.items()):
        out.append(f'<rect x="{LEFT + 130 * i}" y="30" width="11" height="11" fill="{colour}"/>')
        out.append(f'<text x="{LEFT + 16 + 130 * i}" y="40">{engine}</text>')
    body = "\n".join(out).replace("BOTTOM", str(y)).replace("AXIS", str(y + 16))
    return f'''<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{y + 28}" font-size="12"
 font-family="sans-serif" fill="#1e293b"><style>.small{{font-size:10px}}</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="10" y="18" font-weight="bold">Training speed on 2 CPU cores: how many times faster than another engine at its \
best settings</text>
{body}
</svg>
'''


if __name__ == "__main__":
    (ROOT / "docs/images/speed.svg").write_text(draw(ratios()))
