"""Rotations as unit quaternions (..., 4), scalar first, and the three angles of a forearm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Quaternions = NDArray[np.float64]  # (..., 4): w, x, y, z
Vectors = NDArray[np.float64]  # (..., 3)


def from_angles(angles_deg: Vectors) -> Quaternions:
    """Forearm angles to glove-to-world rotations.

    angles_deg: (..., 3): yaw inwards about the vertical, pitch upwards, pronation (thumb inwards).
    For a right hand R = Rz(yaw) Ry(-pitch) Rx(-pronation); world x forward, y left, z up; glove x
    from elbow to knuckles, z out of the thumb's side.
    """
    half = np.deg2rad(angles_deg) * np.array([0.5, -0.5, -0.5])
    (cz, cy, cx), (sz, sy, sx) = (np.moveaxis(f(half), -1, 0) for f in (np.cos, np.sin))
    return np.stack(
        [
            cz * cy * cx + sz * sy * sx,
            cz * cy * sx - sz * sy * cx,
            cz * sy * cx + sz * cy * sx,
            sz * cy * cx - cz * sy * sx,
        ],
        axis=-1,
    )


def from_vector(vector_deg: Vectors) -> Quaternions:
    """Axis times angle in degrees (..., 3) to quaternions."""
    vector = np.deg2rad(vector_deg)
    angle = np.linalg.norm(vector, axis=-1, keepdims=True)
    # sin(x/2)/x through sinc, which is defined at rest too
    half_sine: Vectors = vector * np.sinc(angle / (2 * np.pi)) / 2
    return np.concatenate([np.cos(angle / 2), half_sine], axis=-1)


def to_vector(q: Quaternions) -> Vectors:
    """Axis times angle in radians (..., 3), angle below pi."""
    q = np.where(q[..., :1] < 0, -q, q)
    sine = np.linalg.norm(q[..., 1:], axis=-1, keepdims=True)
    angle = 2 * np.arctan2(sine, q[..., :1])
    factor = np.divide(angle, sine, out=np.full_like(sine, 2.0), where=sine > 1e-12)
    return np.asarray(q[..., 1:] * factor)


def conjugate(q: Quaternions) -> Quaternions:
    """The inverse rotation."""
    return np.asarray(q * np.array([1.0, -1.0, -1.0, -1.0]))


def multiply(p: Quaternions, q: Quaternions) -> Quaternions:
    """Hamilton product: first q, then p."""
    pw, px, py, pz = np.moveaxis(p, -1, 0)
    qw, qx, qy, qz = np.moveaxis(q, -1, 0)
    return np.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        axis=-1,
    )


def rotate(q: Quaternions, v: Vectors) -> Vectors:
    """Turn vectors (..., 3) by q: v + 2 w (u x v) + 2 u x (u x v)."""
    u = q[..., 1:]
    twice: Vectors = 2 * np.cross(u, v)
    return v + q[..., :1] * twice + np.cross(u, twice)


def mirror(q: Quaternions) -> Quaternions:
    """The rotation seen in a mirror that swaps left and right: S R S with S = diag(1, -1, 1)."""
    return np.asarray(q * np.array([1.0, -1.0, 1.0, -1.0]))
