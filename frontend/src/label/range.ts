// Zoom and pan over a recording of n samples.
import type { Range } from "../signal/use_view";

const MIN_ROWS = 20;

export function clampRange(range: Range, n: number): Range {
  const length = Math.min(n, Math.max(MIN_ROWS, range.stop - range.start));
  const start = Math.min(Math.max(0, range.start), n - length);
  return { start, stop: start + length };
}

/** Larger factors show more; what lies under `at` stays where it is. */
export function zoomed(range: Range, factor: number, at: number, n: number): Range {
  const length = Math.min(n, Math.max(MIN_ROWS, (range.stop - range.start) * factor));
  const share = (at - range.start) / (range.stop - range.start);
  const start = at - share * length;
  return clampRange({ start, stop: start + length }, n);
}

/** share: of what is visible; positive goes on in time. */
export function panned(range: Range, share: number, n: number): Range {
  const by = (range.stop - range.start) * share;
  return clampRange({ start: range.start + by, stop: range.stop + by }, n);
}

/** The same zoom, moved only as far as needed to show [start, stop). */
export function showing(range: Range, start: number, stop: number, n: number): Range {
  const length = range.stop - range.start;
  const margin = Math.min(length, stop - start) * 0.25;
  if (start - margin >= range.start && stop + margin <= range.stop) return range;
  const room = Math.max(length, (stop - start) * 1.5);
  const middle = (start + stop) / 2;
  return clampRange({ start: middle - room / 2, stop: middle + room / 2 }, n);
}
