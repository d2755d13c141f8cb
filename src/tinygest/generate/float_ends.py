"""QUANTIZE in front and DEQUANTIZE behind, which a converter adds unless told to keep int8 at the ends.

They go away: the network begins and ends with the int8 values between them, whose scales its header says.
"""

from __future__ import annotations

from dataclasses import replace

from tinygest.generate.tflite_model import Operator, TfliteModel

_OTHER_ENDS = ("float32", "uint8")


def strip_float_ends(model: TfliteModel) -> TfliteModel:
    """The model without these operators, if its input or outputs are float32 or uint8."""
    return _strip_outputs(_strip_input(model))


def _strip_input(model: TfliteModel) -> TfliteModel:
    readers = [operator for operator in model.operators if model.input in operator.inputs]
    if len(readers) != 1 or not _converts(readers[0], "QUANTIZE"):
        return model
    (after,) = readers[0].outputs
    if model.tensors[model.input].dtype not in _OTHER_ENDS or model.tensors[after].dtype != "int8":
        return model
    return replace(model, input=after, operators=_without(model, readers[0]))


def _strip_outputs(model: TfliteModel) -> TfliteModel:
    """DEQUANTIZE to float32; QUANTIZE to uint8."""
    writers = {operator.outputs[0]: operator for operator in model.operators if len(operator.outputs) == 1}
    for output in model.outputs:
        last = writers.get(output)
        if last is None or not (_converts(last, "DEQUANTIZE") or _converts(last, "QUANTIZE")):
            continue
        (before,) = last.inputs
        if model.tensors[output].dtype in _OTHER_ENDS and before in writers | {model.input: None}:
            outputs = tuple(before if index == output else index for index in model.outputs)
            model = replace(model, outputs=outputs, operators=_without(model, last))
    return model


def _converts(operator: Operator, name: str) -> bool:
    return operator.name == name and len(operator.inputs) == len(operator.outputs) == 1


def _without(model: TfliteModel, removed: Operator) -> tuple[Operator, ...]:
    return tuple(operator for operator in model.operators if operator is not removed)
