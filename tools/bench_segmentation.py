"""How well segmenters find what people labelled, and what a model makes of it.

python tools/bench_segmentation.py --sets FOLDER            segmenters alone, a few minutes
python tools/bench_segmentation.py --sets FOLDER --train 3  and models, with so many seeds, an hour or more

FOLDER holds real recordings in the layout `imu-csv`: `uhh_gestures`, `tug_watch`. The simulated boxing set
ships with tinygest. Always whole people are held out, and everything is fitted to the others.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from msgspec import structs

from tinygest.core.contract import Activity, Decision, Segmenter
from tinygest.core.labels import LabelTrack, Segment
from tinygest.evaluate.data import Piece, cut
from tinygest.formats import imu_csv
from tinygest.formats.base import ImportOptions
from tinygest.metrics.events import FoundEvent, StreamTruth
from tinygest.metrics.judgement import Judgement, event_scores, total
from tinygest.metrics.quality import segment_quality
from tinygest.signalpath.path import find_segments
from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.store.project import Project
from tinygest.train.activity_weights import activity_weights
from tinygest.train.data import Labelled, Spans, segment_spans, training_data
from tinygest.train.model import TrainOptions, choose, train_model
from tinygest.train.segmenter_choice import SegmenterChoice
from tinygest.train.segmenter_kinds import KINDS
from tinygest.train.segmenter_search import Fitted, search_kinds
from tinygest.workflow.answers import compile_runtime, make_answers
from tinygest.workflow.judging import truth_of

ROOT = Path(__file__).resolve().parent.parent
TRANSITIONS = ("standing_up", "turning", "sitting_down")
MARKS = "markers_manual.csv"
MIN_MARKS = 8  # in a file: fewer were not all of its gestures
N_EXAMPLES = 10
N_DRAWS = 3
DEFAULTS = TrainOptions()
TIME_TO_TELL_S = 0.5
N_GROUPS = 6  # of people in tug_watch and of many boxers, each held out in turn
BOARDS = ("rev1", "rev2")


@dataclass(frozen=True)
class Fold:
    name: str
    train: list[Labelled]
    test: list[Labelled]


def read_set(folder: Path) -> list[Labelled]:
    source = imu_csv.read(folder, ImportOptions())
    return [(one.recording, one.track) for one in source.recordings]


def read_boxing() -> list[Labelled]:
    project = Project.open(ROOT / "datasets" / "boxing_simulated")
    return [(project.load(entry.id), project.labels(entry.id)) for entry in project.recordings("")]


def simulate_boxers(n_people: int) -> list[Labelled]:
    """As many people as asked for by the recipe of the shipped set, which has the first six of them."""
    return [simulate_boxing(session) for session in boxing_sessions(n_people)]


def with_marks(recordings: Iterable[Labelled], path: Path) -> list[Labelled]:
    """Recordings in which a person marked every gesture, with these marks in place of the labels."""
    marks: dict[str, list[tuple[int, int]]] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            start, stop = int(row["start_sample"]), int(row["end_sample"])
            marks.setdefault(row["file"].removesuffix(".csv"), []).append((start, stop))
    kept = []
    for recording, track in recordings:
        own = sorted(marks.get(recording.id, []))
        if len(own) >= MIN_MARKS:
            label, segments = track.segments[0].label, list[Segment]()
            for start, stop in own:
                first = max(start, segments[-1].stop if segments else 0)
                if first < min(stop, recording.info.n_samples):
                    segments.append(Segment(first, min(stop, recording.info.n_samples), label))
            kept.append((recording, LabelTrack(tuple(segments), track.reviewed)))
    return kept


def by_person(recordings: Sequence[Labelled], n_groups: int = 0) -> Iterator[Fold]:
    """Each person held out, or each of n groups of people."""
    people = sorted({recording.meta.subject for recording, _ in recordings})
    for i in range(n_groups or len(people)):
        out = people[i :: n_groups or len(people)]
        yield Fold(
            "+".join(out),
            [one for one in recordings if one[0].meta.subject not in out],
            [one for one in recordings if one[0].meta.subject in out],
        )


def by_person_and_board(recordings: Sequence[Labelled], n_groups: int = 0) -> Iterator[Fold]:
    """Each person with each board revision, fitted to other people with the other revision.

    Of groups of people each is judged with one revision, in turn.
    """
    for i, fold in enumerate(by_person(recordings, n_groups)):
        for board in BOARDS if n_groups == 0 else (BOARDS[i % 2],):
            yield Fold(
                f"{fold.name} {board}",
                [one for one in fold.train if one[0].meta.fields["board"] != board],
                [one for one in fold.test if one[0].meta.fields["board"] == board],
            )


def fit(train: Sequence[Labelled], kinds: Sequence[str] = tuple(KINDS)) -> dict[str, Fitted]:
    data = training_data(train)
    return search_kinds(data, Activity(activity_weights(data)), kinds)


def found_in(one: Labelled, activity: Activity, segmenter: Segmenter) -> tuple[Spans, Spans]:
    recording, _ = one
    return find_segments(
        recording.samples, recording.info.gaps, recording.info.contract, activity, segmenter
    )


class Tally:
    """Counts of segments over folds."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.errors: dict[str, list[float]] = {"start": [], "end": [], "delay": []}

    def add(self, tests: Sequence[Labelled], fitted: Fitted) -> None:
        for one in tests:
            true = segment_spans(one[1].segments)
            found, told = found_in(one, fitted.activity, fitted.segmenter)
            quality = segment_quality(true, found)
            ms = 1000 / one[0].info.contract.rate_hz
            for name in ("n_true", "n_found", "n_matched", "n_missed", "n_extra", "n_merged", "n_split"):
                self.counts[name] += getattr(quality, name)
            self.errors["start"] += [abs(error) * ms for error in quality.start_errors]
            self.errors["end"] += [abs(error) * ms for error in quality.stop_errors]
            self.errors["delay"] += [
                float(told[j] - found[j, 1] + error) * ms
                for j, error in zip(quality.matched_found, quality.stop_errors, strict=True)
            ]

    @property
    def f1(self) -> float:
        return 2 * self.counts["n_matched"] / (self.counts["n_true"] + self.counts["n_found"])

    def cells(self) -> list[str]:
        names = ("n_true", "n_missed", "n_extra", "n_merged", "n_split")
        medians = [f"{statistics.median(values):.0f}" for values in self.errors.values()]
        return [f"{self.f1:.3f}", *(str(self.counts[name]) for name in names), *medians]


def bench_kinds(name: str, folds: Iterable[Fold]) -> None:
    """Each kind by itself, and the one that the fit chooses."""
    tallies = {kind: Tally() for kind in (*KINDS, "chosen")}
    for fold in folds:
        fits = fit(fold.train)
        fits["chosen"] = max(fits.values(), key=lambda fitted: fitted.score)
        for kind, fitted in fits.items():
            tallies[kind].add(fold.test, fitted)
    for kind, tally in tallies.items():
        print(f"| {name} | {kind} |", " | ".join(tally.cells()), "|", flush=True)


def few_examples(train: Sequence[Labelled], seed: int) -> list[Labelled]:
    """Recordings in random order until every label has N_EXAMPLES; the last one ends with the last."""
    labels = {s.label for _, track in train for s in track.segments}
    seen: Counter[str | None] = Counter()
    kept: list[Labelled] = []
    for i in np.random.default_rng(seed).permutation(len(train)):
        recording, track = train[i]
        if all(seen[s.label] >= N_EXAMPLES for s in track.segments):
            continue  # it would add nothing
        for segment in track.segments:
            seen[segment.label] += 1
            if all(seen[label] >= N_EXAMPLES for label in labels):
                return [*kept, cut(recording, track, [Piece(recording.id, 0, segment.stop)])]
        kept.append((recording, track))
    return kept


def bench_few(name: str, folds: Iterable[Fold]) -> None:
    """The segmenter from few labels against the one from all."""
    everything, few = Tally(), [Tally() for _ in range(N_DRAWS)]
    n_used = []
    for fold in folds:
        best = max(fit(fold.train).values(), key=lambda fitted: fitted.score)
        everything.add(fold.test, best)
        for seed, tally in enumerate(few):
            chosen = few_examples(fold.train, seed)
            n_used.append(sum(len(track.segments) for _, track in chosen))
            tally.add(fold.test, max(fit(chosen).values(), key=lambda fitted: fitted.score))
    mean = statistics.mean(tally.f1 for tally in few)
    print(
        f"| {name} | {everything.f1:.3f} | {mean:.3f} | {mean / everything.f1:.1%} |"
        f" {statistics.mean(n_used):.0f} |",
        flush=True,
    )


Streams = list[tuple[StreamTruth, tuple[FoundEvent, ...]]]


def streams_of(
    fold: Fold, options: TrainOptions, choice: SegmenterChoice | None, runtime: Path | None
) -> Streams:
    """Train, compile, stream: what is labelled and what was found."""
    model = train_model("fold", fold.train, options, choice=choice)
    with tempfile.TemporaryDirectory() as folder:
        answers = make_answers(model.contract, model.tflite, Path(folder), runtime)
        found = answers.events([recording for recording, _ in fold.test])
    truths = [truth_of(recording, only(track, options.labels)) for recording, track in fold.test]
    return list(zip(truths, found, strict=True))


def only(track: LabelTrack, wanted: Sequence[str]) -> LabelTrack:
    """The track with only these labels, all of them when none is wanted."""
    kept = tuple(s for s in track.segments if not wanted or s.label in wanted)
    return LabelTrack(kept, track.reviewed)


def without_cut_off(streams: Streams) -> Streams:
    """Without gestures after which a recording ends at once, so that no device could have told them."""
    kept = []
    for truth, found in streams:
        last = truth.n_rows - TIME_TO_TELL_S * truth.rate_hz
        cut_off = [event for event in truth.events if event.stop > last]
        others = [e for e in found if not any(e.start < c.stop and c.start < e.stop for c in cut_off)]
        events = tuple(event for event in truth.events if event.stop <= last)
        kept.append((structs.replace(truth, events=events), tuple(others)))
    return kept


def judge(streams: Streams) -> Judgement:
    return total(event_scores(truth, found) for truth, found in streams)


def bench_events(
    name: str,
    folds: Sequence[Fold],
    n_seeds: int,
    options: TrainOptions = DEFAULTS,
    choices: dict[str, SegmenterChoice] | None = None,
) -> None:
    """Event macro-F1 at IoU 0.5 of int8 models in C, mean and spread over seeds.

    The segmenter has no seed: it is fitted once a fold.
    """
    scores, in_time, delays, n_alarms = list[float](), list[float](), list[float](), 0
    chosen = dict(choices or {})
    with tempfile.TemporaryDirectory() as folder:
        runtime = compile_runtime(Path(folder))
        for seed in range(1, n_seeds + 1):
            streams: Streams = []
            for fold in folds:
                if fold.name not in chosen:
                    chosen[fold.name] = choose(training_data(fold.train, options.labels), options)
                own = streams_of(fold, replace(options, seed=seed), chosen[fold.name], runtime)
                print(f"<!-- {name}, {fold.name}, seed {seed}: {judge(own).macro_f1:.3f} -->", flush=True)
                streams += own
            whole = judge(streams)
            scores.append(whole.macro_f1)
            in_time.append(judge(without_cut_off(streams)).macro_f1)
            delays += whole.delays_s
            n_alarms += whole.n_false_alarms
    spread = f"{max(scores) - min(scores):.3f}" if n_seeds > 1 else "-"
    median, late = np.percentile(delays, [50, 90])
    print(
        f"| {name} | {statistics.mean(scores):.3f} | {spread} | {statistics.mean(in_time):.3f} |"
        f" {median:.2f} | {late:.2f} | {n_alarms / n_seeds:.1f} |",
        flush=True,
    )


def marks_folds(uhh: Sequence[Labelled], path: Path) -> tuple[list[Fold], dict[str, SegmenterChoice]]:
    """Names learnt from everybody else's labels, borders from other people's marks; judged by marks."""
    marked = with_marks(uhh, path)
    folds, choices = [], {}
    for fold in by_person(marked):
        fitted = max(fit(fold.train).values(), key=lambda one: one.score)
        choices[fold.name] = SegmenterChoice(
            fitted.activity, fitted.segmenter, Decision(), "fitted to marks"
        )
        train = [one for one in uhh if one[0].meta.subject != fold.name]
        folds.append(Fold(fold.name, train, fold.test))
    return folds, choices


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, help="folder of real sets")
    parser.add_argument("--train", type=int, default=0, metavar="SEEDS", help="also train models")
    parser.add_argument("--events", action="store_true", help="models alone, not segmenters")
    parser.add_argument("--family", default="dense", choices=("dense", "cnn"), help="of the models")
    parser.add_argument("--people", type=int, default=24, help="simulated, for `boxers`")
    parser.add_argument("--only", default="", help="boxing, boxers, uhh, marks or tug: one set alone")
    arguments = parser.parse_args()
    boxing = read_boxing()
    uhh = read_set(arguments.sets / "uhh_gestures") if arguments.sets else []
    marks = with_marks(uhh, arguments.sets / "uhh_gestures" / MARKS) if uhh else []
    sets = {"boxing": boxing, "uhh": uhh, "marks": marks}
    chosen = {name: data for name, data in sets.items() if data and arguments.only in ("", name)}
    if not arguments.events:
        bench_segmenters(chosen)
    if arguments.train:
        bench_models(arguments, boxing, uhh)


def bench_segmenters(chosen: dict[str, list[Labelled]]) -> None:
    """Without any network."""
    print("| set | kind | F1 | labelled | missed | extra | merged | split | start ms | end ms | delay ms |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name, data in chosen.items():
        bench_kinds(name, by_person(data))
    print(
        f"\n| set | F1, all labels | {N_EXAMPLES} a label | share | segments used |\n|---|---|---|---|---|"
    )
    for name, data in chosen.items():
        if name != "marks":
            bench_few(name, by_person(data))


def bench_models(arguments: argparse.Namespace, boxing: list[Labelled], uhh: list[Labelled]) -> None:
    """The events of trained models."""
    print("\n| set | event macro-F1 | spread | without cut off | delay s | 90 % | false alarms |")
    print("|---|---|---|---|---|---|---|")
    n, options = arguments.train, TrainOptions(family=arguments.family)
    if arguments.only in ("", "boxing"):
        bench_events("boxing, 6 people", list(by_person_and_board(boxing)), n, options)
    if arguments.only in ("", "boxers"):
        folds = list(by_person_and_board(simulate_boxers(arguments.people), N_GROUPS))
        bench_events(f"boxing, {arguments.people} people", folds, n, options)
    if uhh and arguments.only in ("", "uhh"):
        bench_events("uhh", list(by_person(uhh)), n, options)
    if uhh and arguments.only in ("", "marks"):
        folds, choices = marks_folds(uhh, arguments.sets / "uhh_gestures" / MARKS)
        bench_events("uhh, human marks", folds, n, options, choices)
    if arguments.sets and arguments.only in ("", "tug"):
        tug = read_set(arguments.sets / "tug_watch")
        folds = list(by_person(tug, N_GROUPS))
        bench_events("tug_watch, transitions", folds, n, replace(options, labels=TRANSITIONS))


if __name__ == "__main__":
    main()
