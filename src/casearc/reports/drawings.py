"""Figures made ready: the same drawing for every format, with counts as the gate shows them.

Numbers are rounded here to what leaves the house, before anything is drawn: the coordinates inside an SVG file
can be read like a table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from casearc.disclosure import Band, Exact, Shown
from casearc.findings import CountBars, Curve, Curves, Dots, Drawing, Flows, Forest, ForestRow, Quantity
from casearc.reports import numbers
from casearc.reports.cells import Data, Printer

CURVE_DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBars:
    """Bars of counts, each as the gate shows it."""

    labels: tuple[str, ...]
    counts: tuple[Shown, ...]
    axis_label: str
    highlight: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlows:
    """Movements between stages, each as the gate shows it."""

    from_label: str
    to_label: str
    from_stages: tuple[str, ...]
    to_stages: tuple[str, ...]
    flows: tuple[tuple[Shown, ...], ...]


ShownDrawing = ShownBars | ShownFlows | Curves | Forest | Dots


def shown_drawing(drawing: Drawing, printer: Printer) -> ShownDrawing:
    """The drawing as it may be drawn in this edition."""
    match drawing:
        case CountBars():
            return ShownBars(
                labels=drawing.labels,
                counts=tuple(printer.count(key) for key in drawing.keys),
                axis_label=drawing.axis_label,
                highlight=drawing.highlight,
            )
        case Flows():
            return ShownFlows(
                from_label=drawing.from_label,
                to_label=drawing.to_label,
                from_stages=drawing.from_stages,
                to_stages=drawing.to_stages,
                flows=tuple(tuple(printer.count(key) for key in row) for row in drawing.flows),
            )
        case Curves():
            return drawing if printer.full else Curves(curves=tuple(map(_coarse_curve, drawing.curves)))
        case Forest():
            drawn = replace(drawing, rows=tuple(row for row in drawing.rows if _is_finite(row)))
            return drawn if printer.full else _coarse_forest(drawn)
        case Dots():
            return drawing


def drawing_data(drawing: ShownDrawing) -> Data:
    """The figure's numbers as they stand in results.json."""
    match drawing:
        case ShownBars():
            return {
                "kind": "count_bars",
                "axis_label": drawing.axis_label,
                "bars": [
                    {"label": label, "highlight": i in drawing.highlight, **_count_data(count)}
                    for i, (label, count) in enumerate(zip(drawing.labels, drawing.counts, strict=True))
                ],
            }
        case ShownFlows():
            return {
                "kind": "flows",
                "from_label": drawing.from_label,
                "to_label": drawing.to_label,
                "flows": [
                    {"from": start, "to": end, **_count_data(count)}
                    for start, row in zip(drawing.from_stages, drawing.flows, strict=True)
                    for end, count in zip(drawing.to_stages, row, strict=True)
                ],
            }
        case Curves():
            return {"kind": "curves", "curves": [_curve_data(curve) for curve in drawing.curves]}
        case Forest():
            return {
                "kind": "forest",
                "x_label": drawing.x_label,
                "reference": drawing.reference,
                "log_scale": drawing.log_scale,
                "rows": [
                    {
                        "label": row.label,
                        "group": row.group,
                        "estimate": row.estimate,
                        "low": row.low,
                        "high": row.high,
                    }
                    for row in drawing.rows
                ],
            }
        case Dots():
            return {
                "kind": "dots",
                "x_label": drawing.x_label,
                "y_label": drawing.y_label,
                "x": list(drawing.x),
                "y": list(drawing.y),
                "band": None if drawing.band is None else list(drawing.band),
            }


def _curve_data(curve: Curve) -> Data:
    return {
        "series": curve.series,
        "x_label": curve.x_label,
        "y_label": curve.y_label,
        "level": round(curve.level, 4),
        "x": list(curve.x),
        "y": list(curve.y),
        "low": list(curve.low),
        "high": list(curve.high),
    }


def _count_data(count: Shown) -> Data:
    match count:
        case Exact(value):
            return {"shown": "exact", "value": value}
        case Band(low, high):
            return {"shown": "band", "low": low, "high": high}
        case _:
            return {"shown": "withheld"}


def _coarse_curve(curve: Curve) -> Curve:
    def coarse(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(round(value, CURVE_DECIMALS) for value in values)

    return replace(curve, x=coarse(curve.x), y=coarse(curve.y), low=coarse(curve.low), high=coarse(curve.high))


def _is_finite(row: ForestRow) -> bool:
    return all(math.isfinite(value) for value in (row.estimate, row.low, row.high))


def _coarse_forest(forest: Forest) -> Forest:
    quantity = Quantity.RATIO if forest.log_scale else Quantity.COEFFICIENT
    return replace(forest, rows=tuple(_coarse_row(row, quantity) for row in forest.rows))


def _coarse_row(row: ForestRow, quantity: Quantity) -> ForestRow:
    decimals = numbers.interval_decimals(row.low, row.high, quantity)
    return replace(
        row,
        estimate=round(row.estimate, decimals),
        low=round(row.low, decimals),
        high=round(row.high, decimals),
    )
