"""How good memory plans are: python tools/bench_plans.py [N]

Over N random networks of every operator, with branches and several outputs, as tests build them: how many
plans reach the bound, how many are proven to be the least, and what writing in place saves.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tinygest.generate.graph import Graph, resolve_graph
from tinygest.generate.memory_plan import MemoryPlan
from tinygest.generate.placement import place_graph
from tinygest.generate.tflite_model import read_tflite

N_NETWORKS = 300


@dataclass(frozen=True)
class Plans:
    """Of one network."""

    n_layers: int
    plan: MemoryPlan
    not_in_place: MemoryPlan


def measure(n_networks: int) -> list[Plans]:
    """The same networks every time."""
    sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))
    from random_networks import random_network

    return [_plans(resolve_graph(read_tflite(random_network(seed)))) for seed in range(n_networks)]


def _plans(graph: Graph) -> Plans:
    apart = replace(graph, layers=tuple(replace(layer, in_place=()) for layer in graph.layers))
    return Plans(len(graph.layers), place_graph(graph).plan, place_graph(apart).plan)


def rows(plans: list[Plans]) -> list[tuple[str, str]]:
    """What to say about them."""
    reached = sum(found.plan.arena_bytes == found.plan.bound for found in plans)
    proven = sum(found.plan.is_least for found in plans)
    arenas = sum(found.plan.arena_bytes for found in plans)
    apart = sum(found.not_in_place.arena_bytes for found in plans)
    return [
        ("networks, layers", f"{len(plans)}, {sum(found.n_layers for found in plans)}"),
        ("plans that need no more than what is in use at one time", str(reached)),
        ("plans that are proven to be the least", str(proven)),
        ("all arenas together", f"{arenas:,} bytes"),
        ("the same, were no layer to write over its input", f"{apart:,} bytes"),
    ]


def main() -> None:
    for row in rows(measure(int(sys.argv[1]) if len(sys.argv) > 1 else N_NETWORKS)):
        print("|", " | ".join(row), "|")


if __name__ == "__main__":
    main()
