"""A model contract as the values that its C templates print: the integers of its plans, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tinygest.core.contract import ModelContract, model_id
from tinygest.core.names import macro_name
from tinygest.generate.render import c_rows, c_string
from tinygest.signalpath.extract import feature_names
from tinygest.signalpath.input_plan import (
    ABSOLUTE,
    AffinePlan,
    FeaturesPlan,
    InputPlan,
    WindowPlan,
    plan_input,
)
from tinygest.signalpath.plan import PathPlan, plan_path

# What a row of each table is.
AFFINE = "to int8: offset, multiplier, shift; (raw - offset) * multiplier / 2^shift, plus the zero point"
CHANNELS = "channel of a sample; whether it is the first of three whose magnitude is meant"
KINDS = "features of each of these channels"
PAIRS = "places in `channels` whose correlation is a feature"
WINDOW = "channel, magnitude or not; first of three whose RMS divides, 255: none; offset, multiplier, shift"
DECISION = {
    "class_to_label": "label of each output of the network",
    "thresholds": "score from which on each label is told",
    "score_table": "score for each margin between the best output and the next",
    "lengths": "samples that an event of each label is told to last",
}

Fields = list[tuple[str, str]]
"""(designator, value) of each member that is initialised."""


def classifier_values(contract: ModelContract, tflite: bytes) -> dict[str, Any]:
    """What tg_NAME.[ch].j2 print, beside the values of the network; raises ContractError."""
    path, input = plan_path(contract), plan_input(contract)
    return {
        "model_id": model_id(contract, tflite),
        "capture_id": contract.sensor.capture_id,
        "rate_uhz": round(contract.sensor.rate_hz * 1e6),
        "rate_hz": f"{contract.sensor.rate_hz:g}",
        "channels": [
            {"name": channel.name, "scale": f"{channel.counts_per_unit:g} per {channel.unit}"}
            for channel in contract.sensor.channels
        ],
        "labels": [
            {"macro": macro_name(label), "string": c_string(label), "name": label}
            for label in contract.labels
        ],
        "classes": contract.classes,
        "segmenter": _segmenter(path),
        "input_kind": input.kind,
        "input_tables": _input_tables(contract, input),
        "input_fields": _input_fields(input),
        "decision_tables": _decision_tables(path),
        "decider": _decider(path),
        "config_fields": _config_fields(contract.name, path, input),
        "ring_capacity": path.segmentation.ring_capacity,
        "smooth_length": path.segmentation.activity.smooth_length,
        "longest_segment": path.segmentation.segmenter.longest,
        "scratch_bytes": _scratch_bytes(contract, input),
    }


def _segmenter(path: PathPlan) -> dict[str, Any]:
    plan = path.segmentation.segmenter
    return {"kind": plan.kind, "fields": _flat(asdict(plan))}


def _flat(fields: dict[str, Any], prefix: str = "") -> Fields:
    """Members of a struct and of the structs in it, as designators."""
    flat: Fields = []
    for name, value in fields.items():
        flat += (
            _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, str(value))]
        )
    return flat


def _scratch_bytes(contract: ModelContract, input: InputPlan) -> str:
    """The C expression for it: what a struct takes is known to the compiler alone."""
    if isinstance(input, WindowPlan):
        return f"TG_WINDOW_SCRATCH_BYTES({input.n_points})"
    return f"TG_FEATURES_SCRATCH_BYTES({len(contract.sensor.channels)})"


def _table(about: str, declaration: str, rows: Sequence[str], notes: Sequence[str] = ()) -> dict[str, Any]:
    """An array: one row a line, with a comment behind each where there are notes. about: what a row is."""
    pairs = list(zip(rows, notes or [""] * len(rows), strict=True))
    return {"about": about, "declaration": declaration, "rows": pairs}


def _input_tables(contract: ModelContract, plan: InputPlan) -> list[dict[str, Any]]:
    names = contract.input.channels
    if isinstance(plan, WindowPlan):
        return [_window_table(names, plan)]
    channels = [f"{{{source.first}, {_bool(source.is_magnitude)}}}," for source in plan.channels]
    kinds = [f"&tg_feature_{kind}," for kind in plan.kinds] or ["NULL,"]
    pairs = [f"{{{pair.a}, {pair.b}}}," for pair in plan.pairs]
    affine = [_affine(each) for each in plan.affine]
    tables = [
        _table(CHANNELS, f"const tg_source_t channels[{len(channels)}]", channels, names),
        _table(KINDS, f"const tg_feature_kind_t *const kinds[{len(kinds)}]", kinds),
        _table(
            AFFINE,
            f"const tg_affine_t affine[{len(affine)}]",
            affine,
            feature_names(contract.sensor, contract.input),
        ),
    ]
    if pairs:
        notes = [f"{names[pair.a]}, {names[pair.b]}" for pair in plan.pairs]
        tables.append(_table(PAIRS, f"const tg_pair_t pairs[{len(pairs)}]", pairs, notes))
    return tables


def _window_table(names: Sequence[str], plan: WindowPlan) -> dict[str, Any]:
    rows = [
        f"{{{{{c.source.first}, {_bool(c.source.is_magnitude)}}}, {c.triad}, {_affine(c.affine)[:-1]}}},"
        for c in plan.channels
    ]
    notes = [
        f"{name}, {'absolute' if channel.triad == ABSOLUTE else 'rms'}"
        for name, channel in zip(names, plan.channels, strict=True)
    ]
    return _table(WINDOW, f"const tg_window_channel_t channels[{len(rows)}]", rows, notes)


def _affine(plan: AffinePlan) -> str:
    """tg_affine_t: offset, multiplier, shift."""
    return f"{{{plan.offset}, {plan.multiplier}, {plan.shift}}},"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _input_fields(plan: InputPlan) -> Fields:
    if isinstance(plan, FeaturesPlan):
        return [
            ("channels", "channels"),
            ("kinds", "kinds"),
            ("pairs", "pairs" if plan.pairs else "NULL"),
            ("affine", "affine"),
            ("n_channels", str(len(plan.channels))),
            ("n_kinds", str(len(plan.kinds))),
            ("n_pairs", str(len(plan.pairs))),
            ("zero_point", str(plan.zero_point)),
        ]
    return [
        ("channels", "channels"),
        ("n_points", str(plan.n_points)),
        ("n_channels", str(len(plan.channels))),
        ("zero_point", str(plan.zero_point)),
    ]


def _decision_tables(path: PathPlan) -> list[dict[str, Any]]:
    plan = path.decision
    tables = {"class_to_label": plan.class_to_label, "thresholds": plan.thresholds}
    if plan.score_table:
        tables["score_table"] = plan.score_table
    made = [
        _table(DECISION[name], f"const uint8_t {name}[{len(values)}]", c_rows(values))
        for name, values in tables.items()
    ]
    if plan.centre is not None:
        lengths = plan.centre.lengths
        made.append(_table(DECISION["lengths"], f"const uint16_t lengths[{len(lengths)}]", c_rows(lengths)))
    return made


def _decider(path: PathPlan) -> dict[str, Any] | None:
    """Its kind, the fields of its config and the bytes that it keeps; None without one."""
    plan = path.decision.centre
    if plan is None:
        return None
    fields = [("lengths", "lengths"), *_flat({"offset": plan.offset, "smooth": plan.smooth})]
    return {
        "kind": "centre",
        "fields": [*fields, ("horizon", str(plan.horizon))],
        "n_logits": (plan.smooth + 1) * path.decision.n_classes,
    }


def _config_fields(name: str, path: PathPlan, input: InputPlan) -> Fields:
    activity, decision = path.segmentation.activity, path.decision
    weights = ", ".join(map(str, activity.weights))
    decider = [("decision.decider", "&tg_centre_kind"), ("decision.decider_config", "&decider_config")]
    return [
        ("path.ring_capacity", str(path.segmentation.ring_capacity)),
        ("path.activity.n_channels", str(activity.n_channels)),
        ("path.activity.weights", f"{{{weights}}}"),
        ("path.activity.baseline_q14", str(activity.baseline_q14)),
        ("path.activity.smooth_length", str(activity.smooth_length)),
        ("path.segmenter", f"&tg_{path.segmentation.segmenter.kind}_kind"),
        ("path.segmenter_config", "&segmenter_config"),
        ("extract", f"tg_{input.kind}_extract"),
        ("extract_config", "&input_config"),
        ("network", f"tg_{name}_invoke"),
        ("decision.n_classes", str(decision.n_classes)),
        ("decision.class_to_label", "class_to_label"),
        ("decision.thresholds", "thresholds"),
        ("decision.score_table", "score_table" if decision.score_table else "NULL"),
        ("decision.refractory", str(decision.refractory)),
        ("decision.agree", str(decision.agree)),
        ("decision.agree_of", str(decision.agree_of)),
        *(decider if decision.centre else []),
        ("n_inputs", str(input.n_inputs)),
    ]
