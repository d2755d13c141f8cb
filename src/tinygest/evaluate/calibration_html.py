"""The report of a calibrated revision: one page with the trade-off, nothing loaded from elsewhere."""

from __future__ import annotations

from typing import Any

from tinygest.core.contract import ModelContract
from tinygest.core.resources import resource_dir
from tinygest.evaluate.calibration import Calibration
from tinygest.evaluate.html import share
from tinygest.evaluate.plots import trade_off_plot


def render_calibration(
    contract: ModelContract,
    parent: str,
    revision: int,
    calibration: Calibration | None,
    told: dict[str, Any],
) -> str:
    """The page. revision: of the parent, whose own report stands beside."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = share
    return environment.get_template("calibration.html.j2").render(
        contract=contract,
        parent=parent,
        revision=revision,
        calibration=calibration,
        told=told,
        plot=Markup(trade_off_plot(calibration)) if calibration else None,
    )
