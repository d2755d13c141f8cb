"""Undo and redo of labels: unlimited, and it survives processes and crashes.

`<id>.jsonl` only grows: each line is an edit with the labels after it, an undo or a redo. Replaying
the lines gives the states and where we stand among them. Labels that were changed outside (an editor,
git) are noticed, because they differ from the state we stand at, and become an edit of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tinygest.core.canonical import canonical_json, decode_json
from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import LabelTrack
from tinygest.store.atomic import append_line

START = "start"
OUTSIDE = "change outside tinygest"


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="edit", tag_field="step"):
    """Labels became `track`."""

    action: str
    track: LabelTrack


class Undo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="undo", tag_field="step"):
    """One edit back."""


class Redo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="redo", tag_field="step"):
    """One undone edit forward."""


Step = Edit | Undo | Redo


@dataclass
class History:
    """All states that can still be reached, and which of them holds now."""

    path: Path
    states: list[Edit] = field(default_factory=list)
    position: int = -1

    @classmethod
    def read(cls, path: Path) -> History:
        """Replay the file; raises FormatError."""
        history = cls(path)
        if path.exists():
            # The last piece is empty, or a line that a crash left unfinished.
            for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
                step: Step = decode_json(line, Step, f"{path}, line {number}")  # type: ignore[arg-type]
                history._replay(step, number)
        return history

    def edit(self, action: str, before: LabelTrack, after: LabelTrack) -> None:
        """Labels that are `before` now become `after`."""
        self._notice(before)
        self._append(Edit(action, after))

    def undo(self, now: LabelTrack) -> Edit:
        """Step back. Returns the undone action with the labels that hold again."""
        self._notice(now)
        if self.position <= 0:
            raise LabelError("nothing to undo")
        undone = self.states[self.position].action
        self._append(Undo())
        return Edit(undone, self.states[self.position].track)

    def redo(self, now: LabelTrack) -> Edit:
        """Step forward again. Returns the redone action with the labels that hold again."""
        self._notice(now)
        if self.position + 1 >= len(self.states):
            raise LabelError("nothing to redo")
        self._append(Redo())
        return self.states[self.position]

    def _notice(self, now: LabelTrack) -> None:
        if self.position < 0:
            self._append(Edit(START, now))
        elif self.states[self.position].track != now:
            self._append(Edit(OUTSIDE, now))

    def _append(self, step: Step) -> None:
        append_line(self.path, canonical_json(step))
        self._replay(step, 0)

    def _replay(self, step: Step, number: int) -> None:
        match step:
            case Edit():
                self.states[self.position + 1 :] = [step]
                self.position += 1
            case Undo() if self.position > 0:
                self.position -= 1
            case Redo() if self.position + 1 < len(self.states):
                self.position += 1
            case _:
                raise FormatError("steps beyond what was recorded", self.path, f"line {number}")
