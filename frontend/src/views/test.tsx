import { useCallback, useState } from "preact/hooks";
import { modelNames, type ModelName, type RecordingRow } from "../api";
import type { ViewProps } from "../app";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { Behind } from "../results/behind";
import { ConfusionTable } from "../results/confusion";
import { Timeline } from "../results/timeline";
import { percent, percentWith, type ModelTest } from "../results/types";
import { address, go, type Route } from "../route";
import { useGet } from "../state";
import { Thresholds } from "../test/thresholds";

/** The compiled library over recordings: found against true. */
export function TestView({ project, route }: ViewProps) {
  const models = useGet<ModelName[]>("api/models");
  const recordings = useGet<RecordingRow[]>("api/recordings");
  const choices = modelNames(models.data);
  const wanted = route.parts.length === 2 ? route.parts.join("/") : choices[0];
  const keep = useCallback((job: string) => go(address("test", route.parts, { job })), [route.parts.join("/")]);
  const { job, problem, start, cancel } = useJob(route.query.get("job"), keep);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    start({ kind: "test", name: form.get("model"), where: form.get("where") });
  };
  const test = job?.state === "done" ? (job.result as ModelTest) : null;
  return (
    <>
      <h1>Test</h1>
      <form class="panel row" onSubmit={submit} aria-label="Test a model">
        <label class="field">model<select name="model" key={wanted} value={wanted}>{choices.map((name) => <option key={name}>{name}</option>)}</select></label>
        <label class="field">recordings where<input name="where" placeholder="all" /></label>
        <button class="primary" disabled={job?.state === "running" || choices.length === 0}>Test</button>
      </form>
      {models.data && choices.length === 0 && <p class="quiet">There is no model to test yet: <a href={address("train")}>train one</a>.</p>}
      <Problem error={problem ?? models.problem} />
      <JobStatus job={job} cancel={cancel} />
      {test && <Result test={test} rows={recordings.data ?? []} names={project.labels} route={route} />}
      {wanted && !test && <Calibrate model={wanted} route={route} />}
    </>
  );
}

/** Thresholds for a rate of false alarms that is bearable; they become the model's next revision. */
function Calibrate({ model, route }: { model: string; route: Route }) {
  const [rate, setRate] = useState(1);
  const keep = useCallback(
    (id: string) => go(address("test", route.parts, { job: route.query.get("job") ?? "", calibrated: id }), true),
    [route.parts.join("/"), route.query.get("job")],
  );
  const { job, problem, start, cancel } = useJob(route.query.get("calibrated"), keep);
  const made = job?.state === "done" ? (job.result as { model?: string; verdict?: string | null; notes?: string[] }) : null;
  return (
    <section class="panel" aria-label="Calibrate">
      <h2>Thresholds for a rate, on people held out</h2>
      <div class="row">
        <label class="field">
          <span>false alarms an hour, at most: <b>{rate}</b></span>
          <input type="range" min={0.1} max={10} step={0.1} value={rate} onInput={(event) => setRate(event.currentTarget.valueAsNumber)} />
        </label>
        <button disabled={job?.state === "running"} onClick={() => start({ kind: "calibrate", name: model, per_hour: rate })}>Calibrate {model}</button>
        {made && <strong role="status">stored as {made.model}</strong>}
      </div>
      <Problem error={problem} />
      <JobStatus job={job} cancel={cancel} />
      {made?.verdict && <p>{made.verdict}</p>}
      {made?.notes?.map((note) => <p key={note} class="quiet">{note}</p>)}
    </section>
  );
}

interface ResultProps {
  test: ModelTest;
  rows: RecordingRow[];
  names: string[];
  route: Route;
}

function Result({ test, rows, names, route }: ResultProps) {
  const [cell, setCell] = useState<{ truth: string; answer: string } | null>(null);
  const answers = test.recordings.flatMap((one) => one.answers);
  const { events } = test;
  return (
    <>
      <h2>{test.model} by {test.runner}</h2>
      {test.notes.map((note) => <p key={note} class="quiet">{note}</p>)}
      {events && (
        <p>
          Events: F1 <strong>{events.macro_f1.toFixed(3)}</strong> at IoU {events.iou}, recall {percent(events.recall)}, precision {percent(events.precision)};
          {" "}{events.false_alarms.per_hour.toFixed(1)} false alarms an hour ({events.false_alarms.low.toFixed(1)} to {events.false_alarms.high.toFixed(1)}
          {" "}from {events.false_alarms.hours.toFixed(2)} h); decided {events.delay.median_s?.toFixed(2) ?? "–"} s after the end.
        </p>
      )}
      <p>Segments: {percentWith(test.segments.accuracy, test.segments.interval)} of {test.segments.n} right.</p>
      <ConfusionTable confusion={test.segments.confusion} open={(truth, answer) => setCell({ truth, answer })} />
      {cell && <Behind {...cell} answers={answers} rows={rows} close={() => setCell(null)} />}
      <div class="stack" style={{ marginTop: "0.75rem" }}>
        {test.trade_off && <Thresholds model={test.model} tradeOff={test.trade_off} route={route} />}
        <Calibrate model={test.model} route={route} />
      </div>
      <h2>Recordings</h2>
      {test.recordings.map((one) => {
        const row = rows.find((candidate) => candidate.id === one.recording);
        return (
          <section key={one.recording} aria-label={one.recording} style={{ marginBottom: "0.75rem" }}>
            <div class="row">
              <a href={address("label", [one.recording])}>{one.recording}</a>
              <span class="quiet">{one.subject}{one.was_trained_on ? " · trained on it" : ""}</span>
              {one.events && <span>F1 {one.events.macro_f1.toFixed(3)}</span>}
              <span>{percent(one.segments.accuracy)} of segments</span>
            </div>
            {row && <Timeline recording={one.recording} n={row.n_samples} rateHz={row.rate_hz} names={names} answers={one.answers} found={one.found} />}
          </section>
        );
      })}
    </>
  );
}
