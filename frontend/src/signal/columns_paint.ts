// Dense lines as one upright bar a pixel column: what a stroked path would show, at a fraction of its cost.
import uPlot from "uplot";

const stroked = uPlot.paths.linear!();

/** Whether there are more visible points than pixel columns, so that single strokes cannot be told apart. */
function isDense(plot: uPlot): boolean {
  const [from, to] = visible(plot);
  return to - from > plot.bbox.width / (devicePixelRatio || 1);
}

/** For a series: a path where points are few, nothing where `paintColumns` draws. */
export const sparsePath: uPlot.Series.PathBuilder = (plot, series, from, to) =>
  isDense(plot) ? null : stroked(plot, series, from, to);

/** Hook `drawSeries`. */
export function paintColumns(plot: uPlot, series: number, colour: string): void {
  if (!isDense(plot)) return;
  const context = plot.ctx;
  const { left, top, width, height } = plot.bbox;
  const [xs, ys] = [plot.data[0]!, plot.data[series]!];
  const { min: x0 = 0, max: x1 = 1 } = plot.scales.x as Limits;
  const { min: y0 = 0, max: y1 = 1 } = plot.scales.y as Limits;
  const [perX, perY] = [width / (x1 - x0), height / (y1 - y0)];
  const [from, to] = visible(plot);
  const thick = Math.max(1, Math.round(devicePixelRatio || 1));
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.fillStyle = colour;
  let column = NaN;
  let [low, high, before] = [0, 0, NaN];
  const flush = () => {
    if (!Number.isNaN(column)) context.fillRect(column, Math.round(low), thick, Math.round(high - low) + thick);
  };
  for (let i = from; i <= to; i++) {
    const at = thick * Math.round((left + (xs[i]! - x0) * perX) / thick);
    const y = top + (y1 - ys[i]!) * perY;
    if (at !== column) {
      flush();
      column = at;
      low = high = y;
      // From the column before: a line has no holes.
      if (before < low) low = before;
      if (before > high) high = before;
    } else if (y < low) low = y;
    else if (y > high) high = y;
    before = y;
  }
  flush();
  context.restore();
}

interface Limits {
  min?: number;
  max?: number;
}

/** Indices of the first and last point that show, with one more on both sides. */
function visible(plot: uPlot): [number, number] {
  const xs = plot.data[0]!;
  const { min = 0, max = 1 } = plot.scales.x as Limits;
  return [Math.max(0, lowerBound(xs, min) - 1), Math.min(xs.length - 1, lowerBound(xs, max))];
}

function lowerBound(xs: ArrayLike<number | null | undefined>, wanted: number): number {
  let [from, to] = [0, xs.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (xs[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
