"""What the generator knows about the layers of a network, for those who measure them."""

from __future__ import annotations

from tinygest.generate.network import Network, Step
from tinygest.verify.layers import LayerTold


def tell_layers(network: Network) -> list[LayerTold]:
    """One entry a layer, in the order in which they run."""
    return [_tell(step) for step in network.steps]


def _tell(step: Step) -> LayerTold:
    layer = step.layer
    needed = layer.general or layer  # without the packing of the kernel that was chosen
    inputs = ", ".join(str(list(tensor.shape)) for tensor in step.inputs)
    return LayerTold(
        title=layer.title,
        kernel=layer.kernel,
        shapes=f"{inputs} -> {list(step.output.shape)}",
        n_macs=layer.n_macs,
        n_outputs=step.output.n_elements,
        flash_floor=sum(array.n_bytes for array in needed.arrays()),
        ram=step.arena_in_use,
        ram_floor=_least_memory(step),
    )


def _least_memory(step: Step) -> int:
    """Its inputs and its output, which may take the place of an input where the kernel allows it."""
    inputs = sum(tensor.n_elements for tensor in step.inputs)
    return inputs if step.layer.in_place else inputs + step.output.n_elements
