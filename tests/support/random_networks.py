"""Small random int8 networks: chains, branches that meet again, several outputs."""

from __future__ import annotations

from random_layers import MAX_VALUES, Layers


def random_network(seed: int) -> bytes:
    """A .tflite of 1 to about 25 operators; the same seed gives the same network."""
    return _Networks(seed).network()


class _Networks(Layers):
    def network(self) -> bytes:
        channels = self.pick(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16)
        height = self.pick(1, 1, 1, 3, 4, 5, 7, 8)
        width = self.size(1, max(1, min(40, MAX_VALUES // (height * channels))))
        input = x = self.activation((1, height, width, channels), 1.0)
        heads = []
        for _ in range(self.size(1, 5)):
            x = self.branch(x) if self.chance(0.3) else self.layer(x)
            if self.chance(0.15):
                heads.append(self.head(x))
        if self.chance(0.8) or not heads:
            heads.append(self.head(x))
        return self.graph.build(input, *dict.fromkeys(heads))

    def layer(self, x: int) -> int:
        kinds = [self.unary, self.constant_operand, self.reshape]
        if len(self.shape(x)) == 4:
            kinds += [self.pool, self.pad, self.gate, *2 * [self.convolution, self.depthwise]]
        else:
            kinds.append(self.dense)
        return self.pick(*kinds)(x)

    def branch(self, x: int) -> int:
        """Two ways from x that meet again; one of them may be empty, or both the same."""
        a = self.like_itself(x)
        b = self.pick(x, x, a, self.like_itself(x))
        name = self.pick("ADD", "SUB", "MUL", "CONCATENATION")
        if name == "CONCATENATION":
            return self.concatenate([a, b, *([x] if self.chance(0.3) else [])])
        return self.combine(name, a, b)

    def like_itself(self, x: int) -> int:
        """A layer that keeps the shape."""
        if len(self.shape(x)) == 4 and self.chance(0.7):
            return self.pick(self.convolution, self.depthwise)(x, keeps_shape=True)
        return self.unary(x)

    def head(self, x: int) -> int:
        for _ in range(self.size(0, 2)):
            x = self.pick(self.dense, self.reduction, self.unary)(x)
        return self.softmax(x) if self.chance(0.3) and self.shape(x)[-1] <= 64 else x
