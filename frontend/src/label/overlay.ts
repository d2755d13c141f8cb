// What lies over a signal: segments, reviewed time, proposals of the segmenter, a span being drawn.
import type uPlot from "uplot";
import type { Labels } from "../api";
import { labelColour, resolved } from "../colours";
import type { Overlay } from "../signal/plot";

export interface OverlayState {
  labels: Labels | null;
  names: string[];
  chosen: ReadonlySet<number>;
  cursor: number;
  /** A span under the pointer that is not saved yet. */
  draft: { start: number; stop: number } | null;
  /** Found by the segmenter with the settings that are being tried. */
  found: [number, number][];
  withNames: boolean;
}

export function drawLabels(state: OverlayState): Overlay {
  return (context, plot) => {
    const box = plot.bbox;
    const { min = 0, max = 1 } = plot.scales.x as { min?: number; max?: number };
    const pxPerRow = box.width / (max - min);
    const x = (row: number) => box.left + (row - min) * pxPerRow;
    const visible = (start: number, stop: number) => stop >= min && start <= max;
    const ink = resolved("--text");
    const fill = (start: number, stop: number, top: number, height: number) =>
      context.fillRect(x(start), box.top + top, Math.max(1, x(stop) - x(start)), height);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    context.fillStyle = resolved("--good");
    for (const [start, stop] of state.labels?.reviewed ?? []) fill(start, stop, box.height - 4, 4);
    context.font = `${12 * (devicePixelRatio || 1)}px system-ui, sans-serif`;
    context.textBaseline = "top";
    context.textAlign = "left"; // the plot leaves it centred
    state.labels?.segments.forEach((segment, index) => {
      if (!visible(segment.start, segment.stop)) return;
      const colour = labelColour(segment.label, state.names);
      context.fillStyle = colour;
      context.globalAlpha = state.chosen.has(index) ? 0.45 : 0.18;
      fill(segment.start, segment.stop, 0, box.height);
      context.globalAlpha = 1;
      drawEdges(context, x(segment.start), x(segment.stop), box, colour, state.chosen.has(index));
      if (state.withNames) drawName(context, segment.label ?? "?", x(segment.start), x(segment.stop), box, ink);
    });
    for (const [start, stop] of state.found) {
      if (!visible(start, stop)) continue;
      context.fillStyle = context.strokeStyle = ink;
      context.setLineDash([4, 3]);
      context.strokeRect(x(start), box.top + 1, x(stop) - x(start), box.height - 2);
      context.setLineDash([]);
    }
    if (state.draft) {
      context.globalAlpha = 0.3;
      context.fillStyle = ink;
      fill(state.draft.start, state.draft.stop, 0, box.height);
      context.globalAlpha = 1;
    }
    context.strokeStyle = ink;
    context.beginPath();
    context.moveTo(x(state.cursor), box.top);
    context.lineTo(x(state.cursor), box.top + box.height);
    context.stroke();
    context.restore();
  };
}

function drawEdges(
  context: CanvasRenderingContext2D,
  left: number,
  right: number,
  box: uPlot.BBox,
  colour: string,
  bold: boolean,
): void {
  context.fillStyle = colour;
  const width = bold ? 3 : 1.5;
  context.fillRect(left, box.top, width, box.height);
  context.fillRect(right - width, box.top, width, box.height);
}

const NAME_PX = 10; // no name fits in less

function drawName(
  context: CanvasRenderingContext2D,
  name: string,
  left: number,
  right: number,
  box: uPlot.BBox,
  ink: string,
): void {
  if (right - left < NAME_PX * (devicePixelRatio || 1)) return;
  context.save();
  context.beginPath();
  context.rect(left, box.top, right - left, box.height);
  context.clip();
  context.fillStyle = ink;
  context.fillText(name, left + 4, box.top + 3);
  context.restore();
}
