import { useMemo, useRef } from "preact/hooks";
import type { Labels } from "../api";
import { channelColour, labelColour } from "../colours";
import type { View } from "../signal/columns";
import type { Range } from "../signal/use_view";

const HEIGHT = 44;

interface Props {
  view: View;
  labels: Labels | null;
  names: string[];
  range: Range;
  width: number;
  move: (range: Range) => void;
}

/** The whole recording as a strip; press or drag to go there. */
export function Overview({ view, labels, names, range, width, move }: Props) {
  const n = view.header.n_samples ?? 1;
  const pressed = useRef(false);
  const signal = useMemo(() => <path d={envelope(view, width)} fill={channelColour(0)} fill-opacity="0.5" />, [view, width]);
  const x = (row: number) => (row * width) / n;
  const marks = useMemo(
    () =>
      labels?.segments.map((segment) => (
        <rect
          key={segment.start} x={x(segment.start)} width={Math.max(1, x(segment.stop - segment.start))}
          y={HEIGHT - 6} height={6} fill={labelColour(segment.label, names)}
        />
      )),
    [labels, names.join("\n"), width, n],
  );
  const centre = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const row = ((event.clientX - event.currentTarget.getBoundingClientRect().left) / width) * n;
    const half = (range.stop - range.start) / 2;
    move({ start: row - half, stop: row + half });
  };
  // The strip is drawn once; what moves over it is a layer of its own.
  const strip = useMemo(
    () => (
      <svg width={width} height={HEIGHT} role="img" aria-label="The whole recording" style={{ display: "block" }}>
        {signal}
        <g>{marks}</g>
      </svg>
    ),
    [signal, marks, width],
  );
  return (
    <div
      class="plot overview"
      onPointerDown={(event) => {
        pressed.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        centre(event);
      }}
      onPointerMove={(event) => pressed.current && centre(event)}
      onPointerUp={() => (pressed.current = false)}
    >
      {strip}
      <div class="window" style={{ transform: `translateX(${x(range.start)}px)`, width: `${Math.max(3, x(range.stop - range.start))}px` }} />
    </div>
  );
}

/** How wide the channels spread in each bin, all together. */
function envelope(view: View, width: number): string {
  const spread = Array.from({ length: view.header.n }, (_, i) =>
    view.low.reduce((sum, low, channel) => sum + view.high[channel]![i]! - low[i]!, 0),
  );
  const largest = spread.reduce((a, b) => Math.max(a, b), 1);
  const step = (width * view.header.step) / (view.header.n_samples ?? 1);
  const middle = (HEIGHT - 6) / 2;
  const points = spread.map((value, i) => [i * step, (value / largest) * middle] as const);
  const top = points.map(([at, size]) => `${at.toFixed(1)},${(middle - size).toFixed(1)}`);
  const bottom = points.map(([at, size]) => `${at.toFixed(1)},${(middle + size).toFixed(1)}`).reverse();
  return points.length ? `M${[...top, ...bottom].join("L")}Z` : "";
}
