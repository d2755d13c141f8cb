import { useMemo, useRef, useState } from "preact/hooks";
import type { Labels } from "../api";
import type { Channel, View } from "../signal/columns";
import { AXIS_PX, RIGHT_PX, SignalPlot } from "../signal/plot";
import type { Range } from "../signal/use_view";
import { drawLabels } from "./overlay";
import { clampEdge, clampSpan, hit, isDrag } from "./pointer";
import { panned, zoomed } from "./range";

const HEIGHT = 190;

interface Props {
  view: View;
  channels: Channel[];
  range: Range;
  rateHz: number;
  width: number;
  n: number;
  labels: Labels | null;
  names: string[];
  chosen: ReadonlySet<number>;
  cursor: number;
  found: [number, number][];
  on: {
    choose: (index: number | null, extend?: boolean) => void;
    cursor: (row: number) => void;
    range: (range: Range) => void;
    move: (segment: number, side: "start" | "stop", to: number) => void;
    add: (start: number, stop: number) => void;
  };
}

type Drag = { kind: "edge"; index: number; side: "start" | "stop"; to: number } | { kind: "span"; from: number; to: number };

/** One plot for each unit, all with the same time and the same segments. */
export function Stage(props: Props) {
  const { view, channels, range, rateHz, width, n, labels, names, chosen, cursor, found, on } = props;
  const [drag, setDrag] = useState<Drag | null>(null);
  const pressedAt = useRef(0);
  const segments = labels?.segments ?? [];
  const plotWidth = Math.max(1, width - AXIS_PX - RIGHT_PX);
  const rowsPerPx = (range.stop - range.start) / plotWidth;
  const rowAt = (px: number) => range.start + (px - AXIS_PX) * rowsPerPx;
  const groups = useMemo(() => byUnit(channels), [channels]);
  const shownLabels = useMemo(() => withDrag(labels, drag), [labels, drag]);
  const draft = useMemo(
    () => (drag?.kind === "span" ? clampSpan(labels?.segments ?? [], drag.from, drag.to, n) : null),
    [drag, labels, n],
  );
  // The same function while nothing changes: a plot is drawn again when its overlay is another one.
  const [first, others] = useMemo(() => {
    const state = { labels: shownLabels, names, chosen, cursor, draft, found };
    return [drawLabels({ ...state, withNames: true }), drawLabels({ ...state, withNames: false })];
  }, [shownLabels, names.join("\n"), chosen, cursor, draft, found]);

  const down = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    pressedAt.current = position(event);
    const row = rowAt(pressedAt.current);
    const target = hit(segments, row, rowsPerPx);
    on.cursor(Math.min(n - 1, Math.max(0, Math.round(row))));
    if (target?.kind === "edge") setDrag({ ...target, to: segments[target.index]![target.side] });
    else if (target) on.choose(target.index, event.shiftKey);
    else setDrag({ kind: "span", from: row, to: row });
  };
  const moved = (event: PointerEvent) => {
    if (!drag) return;
    const row = rowAt(position(event));
    setDrag(drag.kind === "edge" ? { ...drag, to: clampEdge(segments, drag.index, drag.side, row, n) } : { ...drag, to: row });
  };
  const up = (event: PointerEvent) => {
    if (!drag) return;
    setDrag(null);
    const dragged = isDrag(pressedAt.current, position(event));
    if (drag.kind === "edge") {
      if (dragged) on.move(drag.index, drag.side, drag.to);
      else on.choose(drag.index, event.shiftKey);
    } else if (dragged && draft) on.add(draft.start, draft.stop);
    else on.choose(null);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) on.range(panned(range, sideways / 500, n));
    else on.range(zoomed(range, Math.exp(event.deltaY / 400), rowAt(position(event)), n));
  };

  return (
    <div class="plot" onPointerDown={down} onPointerMove={moved} onPointerUp={up} onPointerCancel={() => setDrag(null)} onWheel={wheel}>
      {groups.map((group, i) => (
        <figure key={group.unit} style={{ margin: 0 }}>
          <figcaption class="quiet" style={{ fontSize: "0.8rem" }}>{group.names.join(" ")} in {group.unit}</figcaption>
          <SignalPlot
            view={view} channels={channels} shown={group.indices} range={range} rateHz={rateHz}
            width={width} height={HEIGHT} title={`${group.names.join(", ")} in ${group.unit}`}
            overlay={i === 0 ? first! : others!}
          />
        </figure>
      ))}
    </div>
  );
}

/** Pixels from the left edge of the plots, whatever is under the pointer. */
function position(event: MouseEvent): number {
  return event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
}

interface Group {
  unit: string;
  names: string[];
  indices: number[];
}

function byUnit(channels: Channel[]): Group[] {
  const groups = new Map<string, Group>();
  channels.forEach((channel, index) => {
    const group = groups.get(channel.unit) ?? { unit: channel.unit, names: [], indices: [] };
    group.names.push(channel.name);
    group.indices.push(index);
    groups.set(channel.unit, group);
  });
  return [...groups.values()];
}

function withDrag(labels: Labels | null, drag: Drag | null): Labels | null {
  if (!labels || drag?.kind !== "edge") return labels;
  const segments = labels.segments.map((segment, i) => (i === drag.index ? { ...segment, [drag.side]: drag.to } : segment));
  return { ...labels, segments };
}
