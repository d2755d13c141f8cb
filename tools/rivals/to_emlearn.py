"""A dense network as C by emlearn: `to_emlearn.py LAYERS.npz OUT.h`. Runs where emlearn is installed.

emlearn computes in float, so the int8 constants become real numbers. See to_onnx.py for LAYERS.npz.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from emlearn.net import c_generate_net_loadable


def main() -> None:
    source, out = sys.argv[1:]
    weights, biases, activations = [], [], []
    with np.load(source) as arrays:
        for i in range(len({key.partition(".")[0] for key in arrays}) - 1):
            if str(arrays[f"{i}.kind"]) == "SOFTMAX":
                activations[-1] = "softmax"
                continue
            scales = np.broadcast_to(arrays[f"{i}.scales"], len(arrays[f"{i}.weights"]))
            weights.append((arrays[f"{i}.weights"] * scales[:, None]).T)
            biases.append(arrays[f"{i}.bias"] * scales * arrays[f"{i}.input"][0])
            activations.append("relu" if arrays[f"{i}.is_relu"] else "identity")
    Path(out).write_text(c_generate_net_loadable(activations, weights, biases, prefix="rival"))


if __name__ == "__main__":
    main()
