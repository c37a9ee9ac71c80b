"""A small chart: pages a second against pages in flight. Text in, SVG out; no disk."""

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _EDGE = 480, 280, 48
_STYLE = (
    "text{font:12px sans-serif;fill:#777}path{fill:none;stroke:#2a78d6;stroke-width:2}"
    "circle{fill:#2a78d6}line{stroke:#777;stroke-opacity:.3}"
)


def draw_chart(points: Sequence[tuple[int, float]], title: str) -> str:
    """`points` are pages in flight and pages a second, by rising numbers in flight."""
    most = max((rate for _, rate in points), default=0.0) or 1.0
    step = (_WIDTH - 2 * _EDGE) / max(1, len(points) - 1)
    places = [
        (_EDGE + number * step, _HEIGHT - _EDGE - rate / most * (_HEIGHT - 2 * _EDGE))
        for number, (_, rate) in enumerate(points)
    ]
    floor = _HEIGHT - _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<text x="{_EDGE}" y="20">{escape(title)}</text>',
        f'<line x1="{_EDGE}" y1="{floor}" x2="{_WIDTH - _EDGE}" y2="{floor}"/>',
        f'<path d="M{" L".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>' if places else "",
    ]
    for (x, y), (in_flight, rate) in zip(places, points, strict=True):
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>',
            f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{rate:.3g}</text>',
            f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle">{in_flight}</text>',
        ]
    parts += [
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">pages in flight</text>',
        "</svg>",
    ]
    return "\n".join(filter(None, parts)) + "\n"
