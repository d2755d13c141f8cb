import { useEffect, useState } from "preact/hooks";
import { bytes, post, type Detection, type RecordingRow, type SegmenterSettings } from "../api";
import { resolved } from "../colours";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { keep, parseRoute } from "../route";
import { decodeView, type View } from "../signal/columns";
import { SignalPlot, type Overlay } from "../signal/plot";
import type { Range } from "../signal/use_view";

const SETTLE_MS = 60;
const KEEP_MS = 400;
/** Word of the address: the panel is open, with these parameters. */
export const DETECT = "detect";
const ACTIVITY = { name: "activity", unit: "counts", counts_per_unit: 1 };
// Sliders of whatever parameters the segmenter has; a parameter's unit is the end of its name.
const LARGEST: Record<string, number> = { level: 16000, ms: 4000, share: 1 };

interface Props {
  row: RecordingRow;
  range: Range;
  width: number;
  show: (spans: [number, number][]) => void;
  close: () => void;
  accepted: () => Promise<void>;
}

/** The C segmenter with its parameters in reach: what it sees, and what it would find. */
export function DetectPanel({ row, range, width, show, close, accepted }: Props) {
  const [kind, setKind] = useState(() => tried().kind ?? "");
  const [settings, setSettings] = useState<SegmenterSettings["settings"]>(() => tried().settings);
  const [fitId, setFitId] = useState<string | null>(null);
  const fit = useJob(fitId, setFitId);
  const [detection, setDetection] = useState<Detection | null>(null);
  const [activity, setActivity] = useState<View | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const url = `api/recordings/${encodeURIComponent(row.id)}`;
  const body = { ...(kind ? { kind } : {}), settings };
  const start = Math.floor(range.start);
  const stop = Math.ceil(range.stop);

  useEffect(() => {
    const timer = setTimeout(() => {
      post<Detection>(`${url}/detect`, body).then((found) => {
        setDetection(found);
        show(found.spans);
        setProblem(null);
      }, setProblem);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [kind, settings, url]);
  useEffect(() => () => show([]), []);
  useEffect(() => {
    const timer = setTimeout(() => keep(DETECT, JSON.stringify(body)), KEEP_MS);
    return () => clearTimeout(timer);
  }, [kind, settings]);
  useEffect(() => {
    if (width === 0) return;
    const timer = setTimeout(() => {
      bytes("POST", `${url}/activity`, { ...body, start, stop, bins: width }).then((buffer) => setActivity(decodeView(buffer)), () => undefined);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [kind, settings, start, stop, width, url]);

  useEffect(() => {
    if (fit.job?.state !== "done") return;
    const { fit: fitted } = fit.job.result as FitResult;
    const { kind: fittedKind, ...parameters } = fitted.segmenter;
    setKind(String(fittedKind));
    setSettings({ ...fitted.activity, ...parameters } as SegmenterSettings["settings"]);
  }, [fit.job?.id, fit.job?.state]);

  const accept = () =>
    post(`${url}/propose`, body).then(async () => {
      await accepted();
      close();
    }, setProblem);
  const values = { ...numbers(detection?.activity), ...numbers(detection?.segmenter) };

  return (
    <section class="panel" aria-label="Detect segments" style={{ marginBottom: "0.5rem" }}>
      <div class="row">
        <h2 style={{ margin: 0 }}>Detect segments</h2>
        <label class="field">
          kind
          <select value={kind || detection?.kind} onChange={(event) => { setSettings({}); setKind(event.currentTarget.value); }}>
            {["hysteresis", "adaptive", "peak", "trigger", "sliding"].map((name) => <option key={name}>{name}</option>)}
          </select>
        </label>
        <strong role="status">{detection ? `${detection.spans.length} found` : ""}</strong>
        <button class="primary" onClick={accept}>Accept</button>
        <button disabled={fit.job?.state === "running"} title="Finds what you have labelled here, and everything like it" onClick={() => fit.start({ kind: "segment", where: `id=${row.id}` })}>Fit to my labels</button>
        <button onClick={() => setSettings({})}>Reset</button>
        <button onClick={close}>Close</button>
      </div>
      <Problem error={problem ?? fit.problem} />
      <JobStatus job={fit.job} cancel={fit.cancel} />
      {activity && (
        <SignalPlot
          view={activity} channels={[ACTIVITY]} shown={[0]} range={range} rateHz={row.rate_hz} width={width - 26} height={120}
          title="Activity signal with the segmenter's levels" overlay={levels(detection)}
        />
      )}
      <div class="row">
        {Object.entries(values).map(([name, value]) => (
          <Slider key={name} name={name} value={numberOf(settings[name]) ?? value} set={(next) => setSettings({ ...settings, [name]: next })} />
        ))}
      </div>
    </section>
  );
}

/** What the address says was being tried. */
function tried(): SegmenterSettings {
  try {
    const said = JSON.parse(parseRoute(location.hash).query.get(DETECT) ?? "{}");
    return { kind: String(said.kind ?? ""), settings: said.settings ?? {} };
  } catch {
    return { settings: {} }; // somebody else wrote this address
  }
}

interface FitResult {
  fit: { activity: Record<string, unknown>; segmenter: Record<string, unknown> };
}

const numberOf = (value: number | number[] | undefined): number | undefined => (typeof value === "number" ? value : undefined);

function Slider({ name, value, set }: { name: string; value: number; set: (value: number) => void }) {
  const largest = Math.max(value, LARGEST[name.split("_").at(-1)!] ?? 100);
  return (
    <label class="field">
      <span>{name.replaceAll("_", " ")}: <b>{value}</b></span>
      <input type="range" min={0} max={largest} step={largest > 1000 ? 10 : largest <= 1 ? 0.01 : 1} value={value} onInput={(event) => set(event.currentTarget.valueAsNumber)} />
    </label>
  );
}

function numbers(fields: Record<string, unknown> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}

/** Lines at every level of the segmenter. */
function levels(detection: Detection | null): Overlay {
  return (context, plot) => {
    context.save();
    context.strokeStyle = resolved("--bad");
    context.setLineDash([6, 4]);
    for (const [name, value] of Object.entries(numbers(detection?.segmenter))) {
      if (!name.endsWith("level")) continue;
      const y = plot.valToPos(value, "y", true);
      context.beginPath();
      context.moveTo(plot.bbox.left, y);
      context.lineTo(plot.bbox.left + plot.bbox.width, y);
      context.stroke();
    }
    context.restore();
  };
}
