"""The sessions of the example data set `datasets/boxing_simulated`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.simulate.people import make_person
from tinygest.simulate.script import training_script
from tinygest.simulate.session import SIDES, simulate_session

N_PEOPLE = 6
_FIRST_SEED = 100


@dataclass(frozen=True)
class Session:
    """What one person did with one glove at one sitting."""

    number: int
    person: int
    side: str
    session: str
    board: str

    @property
    def recording_id(self) -> str:
        return f"p{self.person}_{self.side}_{self.session.lower()}"


def boxing_sessions(n_people: int = N_PEOPLE) -> Iterator[Session]:
    """Everyone with both hands, twice: with one board revision in session A, the other in B."""
    number = 0
    for person in range(1, n_people + 1):
        for letter in "AB":
            for side in SIDES:
                # Half of the people begin with the new boards, so that session and board are not one.
                board = "rev1" if (letter == "A") == (person % 2 == 1) else "rev2"
                yield Session(number, person, side, letter, board)
                number += 1


def simulate_boxing(session: Session, board: str | None = None) -> tuple[Recording, LabelTrack]:
    """The recording of a session; with `board`, the same motion as another board would see it."""
    seed = _FIRST_SEED + session.number
    return simulate_session(
        make_person(f"P{session.person}", session.person),
        training_script(seed),
        board or session.board,
        seed,
        side=session.side,
        session=session.session,
        recording_id=session.recording_id,
    )
