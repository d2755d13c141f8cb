"""Undo and redo of labels: unlimited, and it survives processes and crashes.

`<id>.jsonl` only grows: the first line holds the labels as they were at the start, each further line is
an edit (what went, what came), an undo or a redo. Labels that were changed outside (an editor, git) are
noticed by their version, because it differs from the one we stand at, and become an edit of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from tinygest.core.canonical import canonical_json, decode_json
from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.store.atomic import append_line
from tinygest.store.labels import version_of

OUTSIDE = "change outside tinygest"
Span = TypeVar("Span", Segment, Interval)


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="start", tag_field="step"):
    """The labels before the first edit."""

    track: LabelTrack


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="edit", tag_field="step"):
    """What one edit took away and put in; a few spans, however long the recording."""

    action: str
    gone: LabelTrack
    new: LabelTrack
    version: str
    """Of the labels after it."""


class Undo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="undo", tag_field="step"):
    """One edit back."""


class Redo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="redo", tag_field="step"):
    """One undone edit forward."""


Step = Start | Edit | Undo | Redo


class Done(NamedTuple):
    """What a step did, and the labels that hold now."""

    action: str
    track: LabelTrack


@dataclass
class History:
    """All edits that can still be undone or redone, and how many of them hold now."""

    path: Path
    start: LabelTrack | None = None
    edits: list[Edit] = field(default_factory=list)
    position: int = 0

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

    @property
    def undoes(self) -> str | None:
        """What undo would take back."""
        return self.edits[self.position - 1].action if self.position else None

    @property
    def redoes(self) -> str | None:
        """What redo would do again."""
        return self.edits[self.position].action if self.position < len(self.edits) else None

    def edit(self, action: str, before: LabelTrack, after: LabelTrack) -> None:
        """Labels that are `before` now become `after`."""
        self._notice(before)
        self._append(_difference(action, before, after))

    def undo(self, now: LabelTrack) -> Done:
        """Step back; raises LabelError if there is nothing to undo."""
        self._notice(now)
        if not self.position:
            raise LabelError("nothing to undo")
        edit = self.edits[self.position - 1]
        self._append(Undo())
        return Done(edit.action, _changed(now, gone=edit.new, new=edit.gone))

    def redo(self, now: LabelTrack) -> Done:
        """Step forward again; raises LabelError if there is nothing to redo."""
        self._notice(now)
        if self.position == len(self.edits):
            raise LabelError("nothing to redo")
        edit = self.edits[self.position]
        self._append(Redo())
        return Done(edit.action, _changed(now, gone=edit.gone, new=edit.new))

    def _notice(self, now: LabelTrack) -> None:
        if self.start is None:
            self._append(Start(now))
        elif version_of(now) != self._version():
            self._append(_difference(OUTSIDE, self._track(self.start), now))

    def _version(self) -> str:
        return self.edits[self.position - 1].version if self.position else version_of(self._start())

    def _track(self, start: LabelTrack) -> LabelTrack:
        """The labels we stand at, from the first line on."""
        for edit in self.edits[: self.position]:
            start = _changed(start, gone=edit.gone, new=edit.new)
        return start

    def _start(self) -> LabelTrack:
        return self.start or LabelTrack()

    def _append(self, step: Step) -> None:
        append_line(self.path, canonical_json(step))
        self._replay(step, 0)

    def _replay(self, step: Step, number: int) -> None:
        match step:
            case Start() if self.start is None:
                self.start = step.track
            case Edit() if self.start is not None:
                self.edits[self.position :] = [step]
                self.position += 1
            case Undo() if self.position > 0:
                self.position -= 1
            case Redo() if self.position < len(self.edits):
                self.position += 1
            case _:
                raise FormatError("steps beyond what was recorded", self.path, f"line {number}")


def _difference(action: str, before: LabelTrack, after: LabelTrack) -> Edit:
    return Edit(
        action,
        LabelTrack(_without(before.segments, after.segments), _without(before.reviewed, after.reviewed)),
        LabelTrack(_without(after.segments, before.segments), _without(after.reviewed, before.reviewed)),
        version_of(after),
    )


def _changed(track: LabelTrack, gone: LabelTrack, new: LabelTrack) -> LabelTrack:
    return LabelTrack(
        tuple(sorted((*_without(track.segments, gone.segments), *new.segments), key=_start_of)),
        tuple(sorted((*_without(track.reviewed, gone.reviewed), *new.reviewed), key=_start_of)),
    )


def _without(spans: Iterable[Span], gone: Iterable[Span]) -> tuple[Span, ...]:
    left_out = set(gone)
    return tuple(span for span in spans if span not in left_out)


def _start_of(span: Segment | Interval) -> int:
    return span.start
