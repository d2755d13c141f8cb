import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RecordingRow, Segment } from "../api";
import type { ViewProps } from "../app";
import { Problem } from "../parts/problem";
import { address, go, keep, parseRoute } from "../route";
import { seconds } from "../signal/plot";
import { useView, type Range } from "../signal/use_view";
import { useWidth } from "../state";
import { between, nextSegment, nextUnnamed } from "./choose";
import { DETECT, DetectPanel } from "./detect";
import { KeyHelp, keyAction, type Action } from "./keys";
import { Overview } from "./overview";
import { clampRange, panned, showing, zoomed } from "./range";
import { SegmentList } from "./segment_list";
import { Stage } from "./stage";
import { useLabels } from "./use_labels";

interface Props extends ViewProps {
  row: RecordingRow;
  rows: RecordingRow[];
  saved: () => void;
}

const FIRST_VIEW_S = 30;
const URL_AFTER_MS = 300;
const NOBODY: ReadonlySet<number> = new Set();
const UNNAMED = "unlabelled";

/** A recording with its segments: by pointer, by keyboard, and as a list. */
export function Editor({ row, rows, project, route, saved, reloadProject }: Props) {
  const n = row.n_samples;
  const { labels, problem, edit, undo, redo, reload } = useLabels(row.id);
  const [range, setRange] = useState<Range>(() => firstRange(route.query, row));
  const [chosen, setChosen] = useState(NOBODY);
  const [cursor, setCursor] = useState(Math.round(range.start));
  const [found, setFound] = useState<[number, number][]>([]);
  const [detecting, setDetecting] = useState(() => route.query.has(DETECT));
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const detail = useView(row.id, range, width);
  const whole = useView(row.id, null, width);

  useEffect(() => {
    const timer = setTimeout(() => {
      const { view, parts, query: now } = parseRoute(location.hash);
      if (view !== "label" || (parts[0] ?? row.id) !== row.id) return; // somebody is on the way elsewhere
      const kept = Object.fromEntries(now);
      const query = { ...kept, start: String(Math.round(range.start)), stop: String(Math.round(range.stop)) };
      go(address("label", [row.id], query), true);
    }, URL_AFTER_MS);
    return () => clearTimeout(timer);
  }, [range]);
  useEffect(() => {
    if (labels) saved();
  }, [labels?.version]);

  const choose = useCallback(
    (index: number | null, extend = false) => {
      const segment = index === null ? undefined : labels?.segments[index];
      if (index === null || !segment) return setChosen(NOBODY);
      setChosen((before) => (extend && before.size ? between([...before][0]!, index) : new Set([index])));
      setCursor(segment.start);
      setRange((now) => showing(now, segment.start, segment.stop, n));
    },
    [labels, n],
  );

  // A link may name a segment by its first sample: the one behind a cell, a doubtful one, an unlabelled one.
  const at = route.query.get("at");
  const isLoaded = labels !== null;
  useEffect(() => {
    if (at === null || !labels) return;
    const wanted = at === UNNAMED ? (s: Segment) => s.label === null : (s: Segment) => s.start === Number(at);
    const index = labels.segments.findIndex(wanted);
    if (index >= 0) choose(index);
    box.current?.focus();
  }, [at, isLoaded]);

  const detect = (open: boolean) => {
    setDetecting(open);
    if (!open) keep(DETECT, "");
  };
  const act = async (action: Action) => {
    const indices = [...chosen].sort((a, b) => a - b);
    const last = indices.at(-1) ?? -1;
    switch (action.do) {
      case "label": {
        const label = action.number === 0 ? null : project.labels[action.number - 1];
        if (label === undefined || !indices.length) return;
        const after = await edit({ kind: "assign", segments: indices, label });
        const next = after && nextSegment(after, last, 1, (i) => after.segments[i]!.label === null);
        if (next !== null && next !== undefined && label !== null) choose(next);
        return reloadProject();
      }
      case "delete":
        if (!indices.length) return;
        setChosen(NOBODY);
        return void (await edit({ kind: "delete", segments: indices }));
      case "merge":
        if (indices.length < 2) return;
        setChosen(new Set([indices[0]!]));
        return void (await edit({ kind: "merge", segments: indices }));
      case "split": {
        const index = labels?.segments.findIndex((s) => s.start < cursor && cursor < s.stop) ?? -1;
        if (index >= 0) await edit({ kind: "split", segment: index, at: cursor });
        return;
      }
      case "add": {
        const length = Math.round(row.rate_hz);
        return void (await edit({ kind: "add", start: cursor, stop: Math.min(n, cursor + length), label: null }));
      }
      case "nudge": {
        const segment = labels?.segments[last];
        if (!segment) return;
        const side = action.side;
        return void (await edit({ kind: "move", segment: last, [side]: segment[side] + action.by }));
      }
      case "review": {
        const span = { start: Math.floor(range.start), stop: Math.ceil(range.stop) };
        await edit({ kind: "review", ...span });
        return setRange((now) => panned(now, 0.9, n));
      }
      case "unreview":
        return void (await edit({ kind: "unreview", start: Math.floor(range.start), stop: Math.ceil(range.stop) }));
      case "undo":
        setChosen(NOBODY);
        return void (await undo());
      case "redo":
        setChosen(NOBODY);
        return void (await redo());
      case "next":
        return labels && choose(nextSegment(labels, last, action.step), action.extend);
      case "unlabelled": {
        const here = labels && nextSegment(labels, last, 1, (i) => labels.segments[i]!.label === null);
        if (here !== null) return choose(here);
        const other = nextUnnamed(rows, row.id);
        if (other) go(address("label", [other.id], { at: UNNAMED }));
        return;
      }
      case "all":
        return setChosen(new Set(labels?.segments.keys()));
      case "none":
        return setChosen(NOBODY);
      case "zoom":
        return setRange((now) => zoomed(now, action.factor, cursor, n));
      case "pan":
        return setRange((now) => panned(now, action.share, n));
      case "cursor":
        return setCursor((now) => Math.min(n - 1, Math.max(0, now + action.by)));
      case "detect":
        return detect(!detecting);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const action = keyAction(event);
    if (!action) return;
    event.preventDefault();
    void act(action);
  };
  const onPointerEdit = {
    choose,
    cursor: setCursor,
    range: (next: Range) => setRange(clampRange(next, n)),
    move: (segment: number, side: "start" | "stop", to: number) => void edit({ kind: "move", segment, [side]: to }),
    add: async (start: number, stop: number) => {
      const after = await edit({ kind: "add", start, stop, label: null });
      const index = after?.segments.findIndex((s: Segment) => s.start === start) ?? -1;
      if (index >= 0) setChosen(new Set([index]));
    },
  };
  const channels = detail.view?.header.channels ?? [];
  const list = useMemo(
    () => <SegmentList segments={labels?.segments ?? []} rateHz={row.rate_hz} chosen={chosen} choose={choose} />,
    [labels, chosen, choose],
  );
  const status = useMemo(() => describe(labels?.segments ?? [], chosen, row.rate_hz), [labels, chosen]);

  return (
    <>
      <Problem error={problem ?? detail.problem} retry={reload} />
      <Toolbar act={act} undoes={labels?.undo ?? null} redoes={labels?.redo ?? null} names={project.labels} detecting={detecting} />
      <div
        ref={box}
        tabIndex={0}
        role="application"
        aria-label={`Signal and segments of ${row.id}. Keys: left and right go from segment to segment, digits name them.`}
        onKeyDown={onKeyDown}
      >
        {whole.view && (
          <Overview view={whole.view} labels={labels} names={project.labels} range={range} width={width} move={onPointerEdit.range} />
        )}
        {detail.view && (
          <Stage
            view={detail.view} channels={channels} range={range} rateHz={row.rate_hz} width={width} n={n}
            labels={labels} names={project.labels} chosen={chosen} cursor={cursor} found={found} on={onPointerEdit}
          />
        )}
      </div>
      <p role="status" class="quiet">{status}</p>
      {detecting && (
        <DetectPanel row={row} range={range} width={width} show={setFound} close={() => detect(false)} accepted={reload} />
      )}
      <KeyHelp names={project.labels} />
      {list}
    </>
  );
}

function firstRange(query: URLSearchParams, row: RecordingRow): Range {
  const start = Number(query.get("start"));
  const stop = Number(query.get("stop"));
  const range = stop > start ? { start, stop } : { start: 0, stop: FIRST_VIEW_S * row.rate_hz };
  return clampRange(range, row.n_samples);
}

function describe(segments: Segment[], chosen: ReadonlySet<number>, rateHz: number): string {
  if (chosen.size > 1) return `${chosen.size} segments chosen of ${segments.length}`;
  const index = [...chosen][0];
  const segment = index === undefined ? undefined : segments[index];
  if (!segment) return `${segments.length} segments`;
  const length = ((segment.stop - segment.start) / rateHz).toFixed(2);
  return `Segment ${index! + 1} of ${segments.length}: ${segment.label ?? "no label"}, from ${seconds(segment.start / rateHz)} s, ${length} s long`;
}

interface ToolbarProps {
  act: (action: Action) => Promise<unknown>;
  undoes: string | null;
  redoes: string | null;
  names: string[];
  detecting: boolean;
}

function Toolbar({ act, undoes, redoes, names, detecting }: ToolbarProps) {
  return (
    <div class="row" role="toolbar" aria-label="Edit segments" style={{ marginBottom: "0.5rem" }}>
      {names.slice(0, 9).map((name, i) => (
        <button key={name} onClick={() => act({ do: "label", number: i + 1 })}><kbd>{i + 1}</kbd> {name}</button>
      ))}
      <button onClick={() => act({ do: "delete" })}>Delete</button>
      <button onClick={() => act({ do: "merge" })}>Merge</button>
      <button onClick={() => act({ do: "split" })}>Split</button>
      <button onClick={() => act({ do: "review" })}>Reviewed</button>
      <button onClick={() => act({ do: "unlabelled" })}>Next unlabelled</button>
      <button disabled={undoes === null} title={undoes ?? ""} onClick={() => act({ do: "undo" })}>Undo</button>
      <button disabled={redoes === null} title={redoes ?? ""} onClick={() => act({ do: "redo" })}>Redo</button>
      <button class="primary" aria-expanded={detecting} onClick={() => act({ do: "detect" })}>Detect segments</button>
    </div>
  );
}
