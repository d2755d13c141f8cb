// What a pointer does on a signal: choose a segment, drag an edge, draw a new span, zoom and pan.
import type { Segment } from "../api";

const EDGE_PX = 7;
const MIN_DRAG_PX = 4;

export type Hit = { kind: "edge"; index: number; side: "start" | "stop" } | { kind: "segment"; index: number } | null;

/** What lies at `row`; edges are a few pixels wide, and the nearest one wins. */
export function hit(segments: Segment[], row: number, rowsPerPx: number): Hit {
  let best: Hit = null;
  let distance = EDGE_PX * rowsPerPx;
  segments.forEach((segment, index) => {
    for (const side of ["start", "stop"] as const) {
      const off = Math.abs(segment[side] - row);
      if (off <= distance) {
        distance = off;
        best = { kind: "edge", index, side };
      }
    }
  });
  if (best) return best;
  const index = segments.findIndex((segment) => segment.start <= row && row < segment.stop);
  return index < 0 ? null : { kind: "segment", index };
}

export const isDrag = (fromPx: number, toPx: number): boolean => Math.abs(toPx - fromPx) >= MIN_DRAG_PX;

/** Where a dragged edge may go: not over its own other edge, a neighbour or the end of the recording. */
export function clampEdge(segments: Segment[], index: number, side: "start" | "stop", row: number, n: number): number {
  const own = segments[index]!;
  const whole = Math.round(row);
  if (side === "start") return Math.min(Math.max(whole, segments[index - 1]?.stop ?? 0), own.stop - 1);
  return Math.max(Math.min(whole, segments[index + 1]?.start ?? n), own.start + 1);
}

/** A span drawn by hand, cut where others are; null if nothing is left. */
export function clampSpan(segments: Segment[], from: number, to: number, n: number): { start: number; stop: number } | null {
  let start = Math.max(0, Math.round(Math.min(from, to)));
  let stop = Math.min(n, Math.round(Math.max(from, to)));
  for (const segment of segments) {
    if (segment.start <= from && from < segment.stop) return null;
    if (segment.stop <= from) start = Math.max(start, segment.stop);
    if (segment.start >= from) stop = Math.min(stop, segment.start);
  }
  return stop > start ? { start, stop } : null;
}
