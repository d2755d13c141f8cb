"""`tinygest.toml`: what a person decides about a project. Read strictly, written once by `init`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec

from tinygest.core.contract import Activity, Segmenter
from tinygest.core.errors import ContractError, FormatError, LabelError
from tinygest.core.labels import check_label
from tinygest.core.names import check_distinct_macros
from tinygest.core.sensor import SensorContract, imu_contract

FORMAT_VERSION = 1
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
BUILT_IN_FIELDS = (
    "id subject side session default_label notes label device frame rate_hz continuous quality".split()
)
"""Words that `--where` knows in every project; a project field needs another name."""


class Sensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What this project's boards deliver. Imported recordings keep their own contract."""

    rate_hz: float = 100.0
    rotation: bool = True

    def contract(self) -> SensorContract:
        return imu_contract(self.rate_hz, rotation=self.rotation)


class Budgets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model may cost on the board; None: no limit."""

    flash_bytes: int | None = None
    ram_bytes: int | None = None
    instructions: int | None = None
    """Of the sample that completes an event, on a Cortex-M4."""


class ProjectConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of `tinygest.toml`."""

    format_version: int = FORMAT_VERSION
    labels: tuple[str, ...] = ()
    """The project's labels in the order of its reports. Labels of imports join them by being used."""
    board: str = "nano33ble"
    sensor: Sensor = Sensor()
    fields: dict[str, str] = {}
    """Further columns of a recording's metadata: name and meaning."""
    budgets: Budgets = Budgets()
    activity: Activity | None = None
    segmenter: Segmenter | None = None

    def check(self) -> ProjectConfig:
        """Return self if it makes sense; raises ContractError or LabelError."""
        if self.format_version != FORMAT_VERSION:
            raise ContractError(
                f"the project has format {self.format_version}, this tinygest reads {FORMAT_VERSION}"
            )
        self.sensor.contract()
        for label in self.labels:
            check_label(label)
        if len(set(self.labels)) != len(self.labels):
            raise LabelError(f"labels repeat: {', '.join(self.labels)}")
        check_distinct_macros(self.labels)
        for name in self.fields:
            if not FIELD_NAME.match(name) or name in BUILT_IN_FIELDS:
                raise ContractError(
                    f"project field {name!r} is not usable: lower-case letters, digits, '_', and none of "
                    f"{', '.join(BUILT_IN_FIELDS)}"
                )
        return self


def read_config(path: Path) -> ProjectConfig:
    """Parse and check; raises FormatError that names the file and the key."""
    try:
        text = path.read_bytes().decode()
        return msgspec.convert(tomllib.loads(text), ProjectConfig).check()
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        msgspec.ValidationError,
        ContractError,
        LabelError,
    ) as error:
        raise FormatError(str(error), path) from error


def initial_config(config: ProjectConfig) -> bytes:
    """The text of a new `tinygest.toml`, with comments for the person who will edit it."""
    import tomli_w

    plain = msgspec.to_builtins(config)
    # TOML has no null: what is not set is left out.
    tables = {name: plain[name] for name in ("activity", "segmenter") if plain[name]}
    tables |= {"budgets": {name: n for name, n in plain["budgets"].items() if n is not None}}
    parts = {name: tomli_w.dumps({name: plain[name]}) for name in ("labels", "board", "sensor", "fields")}
    text = f"""\
# A tinygest project. Unknown keys are errors; docs/project-folder.md explains each.
format_version = {FORMAT_VERSION}

# Labels in the order of reports. Labels of imported data need not be repeated here.
{parts["labels"]}
{parts["board"]}
# What this project's boards deliver; imported recordings keep their own rate and channels.
{parts["sensor"]}
{parts["fields"] if config.fields else NO_FIELDS}
{tomli_w.dumps({name: table for name, table in tables.items() if table})}"""
    return f"{text.rstrip()}\n".encode()


NO_FIELDS = """\
# Columns of your own for each recording, for example:
# [fields]
# glove = "size of the glove in ounces"
"""
