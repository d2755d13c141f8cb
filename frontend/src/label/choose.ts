// Which segment comes next.
import type { Labels, RecordingRow } from "../api";

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

/** Segments of a recording that have no label yet. */
export const nUnnamed = (row: RecordingRow): number =>
  row.n_segments - Object.values(row.labels).reduce((sum, n) => sum + n, 0);

/** The recording after this one, round the end, with a segment that has no label. */
export function nextUnnamed(rows: RecordingRow[], id: string): RecordingRow | null {
  const here = rows.findIndex((row) => row.id === id);
  const order = [...rows.slice(here + 1), ...rows.slice(0, Math.max(0, here))];
  return order.find((row) => nUnnamed(row) > 0) ?? null;
}
