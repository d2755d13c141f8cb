"""A model that runs on the gateway beside what a board says, and how far both agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from tinygest.core.event import Event
from tinygest.gateway.stream import Batch, Cause
from tinygest.gateway.updates import Reported, Update
from tinygest.workflow.live_model import LiveModel

MAX_WAITING = 256
"""Events of one side that the other may still tell; the oldest go."""
Key = tuple[int, int, int, int]


@dataclass(frozen=True)
class TrialState:
    """Counts since the trial began; a board in capture mode reports nothing to compare."""

    model: str
    labels: list[str]
    n_gateway: int
    n_board: int
    n_agree: int
    """Same label, score, start and length on both sides."""


@dataclass
class Trial:
    """Feed it what a session tells; it returns the gateway's own events."""

    model: LiveModel
    _n_gateway: int = 0
    _n_board: int = 0
    _n_agree: int = 0
    _mine: dict[Key, None] = field(default_factory=dict)
    _theirs: dict[Key, None] = field(default_factory=dict)
    _has_begun: bool = False

    def take(self, update: Update) -> list[Event]:
        """Events that this update completes on the gateway."""
        if isinstance(update, Reported):
            self._n_board += 1
            self._meet(update.event.event, self._mine, self._theirs)
            return []
        if not isinstance(update, Batch):
            return []
        if not self._has_begun or update.cause in (Cause.LINK_DOWN, Cause.BOARD_RESTARTED):
            self._begin(update.first_index if update.own_index is None else update.own_index)
        elif update.cause != Cause.CONTINUES:
            self.model.skip(update.missing)
        return self._count(self.model.push(update.samples))

    def finish(self) -> list[Event]:
        """The stream ended: events of a movement that was still going on."""
        return self._count(self.model.finish())

    def state(self) -> TrialState:
        return TrialState(
            self.model.name,
            list(self.model.contract.labels),
            self._n_gateway,
            self._n_board,
            self._n_agree,
        )

    def _begin(self, index: int) -> None:
        """A stream of the board, which counts its rows anew with every link: so must the model."""
        if self._has_begun:
            self.model = self.model.again()
            self._mine.clear()
            self._theirs.clear()
        self._has_begun = True
        if index:
            self.model.skip(index)

    def _count(self, events: list[Event]) -> list[Event]:
        for event in events:
            self._n_gateway += 1
            self._meet(event, self._theirs, self._mine)
        return events

    def _meet(self, event: Event, others: dict[Key, None], own: dict[Key, None]) -> None:
        key = (event.start, event.length, event.label, event.score)
        if key in others:
            del others[key]
            self._n_agree += 1
            return
        own[key] = None
        if len(own) > MAX_WAITING:
            del own[next(iter(own))]
