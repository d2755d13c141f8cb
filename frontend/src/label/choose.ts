// Which segment comes next.
import type { Labels } from "../api";

/** The next segment after `from` in direction `step` for which `wanted` holds; round the end. */
export function nextSegment(
  labels: Labels,
  from: number,
  step: 1 | -1,
  wanted: (index: number) => boolean = () => true,
): number | null {
  const n = labels.segments.length;
  for (let k = 1; k <= n; k++) {
    const index = (((from + step * k) % n) + n) % n;
    if (wanted(index)) return index;
  }
  return null;
}

/** The segments between two, both included. */
export function between(from: number, to: number): Set<number> {
  const first = Math.min(from, to);
  return new Set(Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => first + i));
}
