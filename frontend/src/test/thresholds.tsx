import { useCallback, useEffect, useState } from "preact/hooks";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { percent } from "../results/types";
import { address, go, type Route } from "../route";
import { labelsOf, nearest, operating, type TradeOff } from "./operating";

const WIDTH = 420;
const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 34;
const MAX_SCORE = 255;

interface Props {
  model: string;
  tradeOff: TradeOff;
  route: Route;
}

/** Recall against false alarms while thresholds move; what is chosen becomes the model's next revision. */
export function Thresholds({ model, tradeOff, route }: Props) {
  const [chosen, setChosen] = useState(tradeOff.thresholds);
  useEffect(() => setChosen(tradeOff.thresholds), [tradeOff]);
  const keep = useCallback(
    (id: string) => go(address("test", route.parts, { job: route.query.get("job") ?? "", saved: id }), true),
    [route.parts.join("/"), route.query.get("job")],
  );
  const { job, problem, start, cancel } = useJob(route.query.get("saved"), keep);
  const now = operating(tradeOff, chosen);
  const perHour = (n: number) => (tradeOff.hours > 0 ? n / tradeOff.hours : null);
  const rate = perHour(now.n_alarms);
  const names = labelsOf(tradeOff);
  const stored = job?.state === "done" ? (job.result as { model: string }).model : "";
  return (
    <section class="panel" aria-label="Thresholds">
      <h2>Thresholds</h2>
      <div class="row" style={{ alignItems: "start", gap: "1.5rem" }}>
        <Curve tradeOff={tradeOff} recall={now.recall} nAlarms={now.n_alarms} />
        <div style={{ flex: "1 1 18rem" }}>
          <p role="status" style={{ marginTop: 0 }}>
            recall <strong>{percent(now.recall)}</strong>,{" "}
            <strong>{rate === null ? now.n_alarms : rate.toFixed(1)}</strong> false alarms{rate === null ? "" : " an hour"}
            {" "}<span class="quiet">({now.n_alarms} in {tradeOff.hours.toFixed(2)} h)</span>
          </p>
          {tradeOff.curve.length === 1 && <p class="quiet">No false alarm in these recordings: a threshold can only cost recall here.</p>}
          <label class="field">
            fewer false alarms
            <input
              type="range" min={0} max={tradeOff.curve.length - 1} value={nearest(tradeOff, now.n_alarms)}
              onInput={(event) => setChosen(tradeOff.curve[event.currentTarget.valueAsNumber]!.thresholds)}
            />
          </label>
          {names.map((label) => (
            <label key={label} class="field">
              <span>{label}: <b>{chosen[label] ?? 0}</b></span>
              <input
                type="range" min={0} max={MAX_SCORE} value={chosen[label] ?? 0}
                onInput={(event) => setChosen({ ...chosen, [label]: event.currentTarget.valueAsNumber })}
              />
            </label>
          ))}
          <div class="row" style={{ marginTop: "0.5rem" }}>
            <button
              class="primary" disabled={job?.state === "running"}
              onClick={() => start({ kind: "thresholds", name: model, thresholds: Object.fromEntries(names.map((label) => [label, chosen[label] ?? 0])) })}
            >
              Save into the model
            </button>
            <button onClick={() => setChosen(tradeOff.thresholds)}>As they were</button>
            {stored && <strong>stored as <a href={address("test", stored.split("/"))}>{stored}</a></strong>}
          </div>
          <Problem error={problem} />
          {job?.state !== "done" && <JobStatus job={job} cancel={cancel} />}
        </div>
      </div>
    </section>
  );
}

function Curve({ tradeOff, recall, nAlarms }: { tradeOff: TradeOff; recall: number; nAlarms: number }) {
  const most = Math.max(1, ...tradeOff.curve.map((point) => point.rate.n), nAlarms);
  const x = (n: number) => LEFT + (n / most) * (WIDTH - LEFT - 10);
  const y = (share: number) => 8 + (1 - share) * (HEIGHT - BOTTOM - 8);
  const line = tradeOff.curve.map((point) => `${x(point.rate.n).toFixed(1)},${y(point.recall).toFixed(1)}`).join("L");
  const scale = tradeOff.hours > 0 ? 1 / tradeOff.hours : 1;
  const unit = tradeOff.hours > 0 ? "false alarms an hour" : "false alarms";
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ width: `${WIDTH}px`, maxWidth: "100%" }} role="img"
      aria-label={`Recall against false alarms; now ${percent(recall)} with ${nAlarms}`}
    >
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <path d={`M${LEFT} ${y(share)}H${WIDTH - 10}`} stroke="var(--line)" />
          <text x={LEFT - 6} y={y(share) + 4} text-anchor="end" class="tick-text">{100 * share} %</text>
        </g>
      ))}
      {[0, 0.5, 1].map((part) => (
        <text key={part} x={x(part * most)} y={HEIGHT - BOTTOM + 16} text-anchor={part === 1 ? "end" : "middle"} class="tick-text">
          {(part * most * scale).toFixed(most * scale < 10 ? 1 : 0)}
        </text>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 3} text-anchor="middle" class="tick-text">{unit}</text>
      <path d={`M${line}`} fill="none" stroke="var(--accent)" stroke-width="2" />
      <circle cx={x(nAlarms)} cy={y(recall)} r="5" fill="var(--bad)" />
    </svg>
  );
}
