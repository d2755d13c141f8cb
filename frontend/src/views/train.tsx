import { useCallback } from "preact/hooks";
import type { ViewProps } from "../app";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { ConfusionTable } from "../results/confusion";
import { Curves } from "../results/curves";
import { percentWith, type Metrics } from "../results/types";
import { address, go } from "../route";
import { useGet } from "../state";

interface ModelName {
  name: string;
  revisions: number[];
}

interface Model {
  name: string;
  revision: number;
  model_id: string;
  metrics: Metrics;
  recordings: string[];
  has_report: boolean;
}

/** Make models, and compare those that there are. */
export function TrainView({ route }: ViewProps) {
  const id = route.query.get("job");
  const { job, problem, start, cancel } = useJob(id, useCallback((made: string) => go(address("train", [], { job: made })), []));
  const running = job?.state === "running";
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    start({ kind: "train", name: form.get("name"), family: form.get("family"), where: form.get("where") });
  };
  return (
    <>
      <h1>Train</h1>
      <form class="panel row" onSubmit={submit} aria-label="Train a model">
        <label class="field">name<input name="name" required pattern="[A-Za-z_][A-Za-z0-9_]*" defaultValue="gestures" title="Letters, digits and _: it becomes the prefix in C" /></label>
        <label class="field">recordings where<input name="where" placeholder="all" /></label>
        <label class="field">
          kind of network
          <select name="family"><option value="auto">the better of both</option><option>dense</option><option>cnn</option></select>
        </label>
        <button class="primary" disabled={running}>Train</button>
      </form>
      <Problem error={problem} />
      <JobStatus job={job} cancel={cancel} />
      <Models key={job?.state ?? ""} />
    </>
  );
}

/** Newest revisions side by side. */
function Models() {
  const { data, problem, reload } = useGet<ModelName[]>("api/models");
  return (
    <>
      <h2>Models</h2>
      <Problem error={problem} retry={reload} />
      {data?.length === 0 && <p class="quiet">None yet.</p>}
      <div class="row" style={{ alignItems: "stretch" }}>
        {data?.flatMap((model) =>
          model.revisions.slice(-3).reverse().map((revision) => <ModelCard key={`${model.name}/${revision}`} name={model.name} revision={revision} />),
        )}
      </div>
    </>
  );
}

function ModelCard({ name, revision }: { name: string; revision: number }) {
  const path = `api/models/${encodeURIComponent(name)}/${revision}`;
  const { data, problem, reload } = useGet<Model>(path);
  if (!data) return <Problem error={problem} retry={reload} />;
  const { metrics } = data;
  const held = Object.entries(metrics.on_held_out_segments);
  return (
    <section class="panel" aria-label={`Model ${name}/${revision}`}>
      <h2 style={{ marginTop: 0 }}>{name}/{revision}</h2>
      <p>
        {metrics.family}, {metrics.n_parameters} parameters, {data.recordings.length} recordings
        {held.map(([family, scores]) => (
          <span key={family}><br />{family}: {percentWith(scores.accuracy, scores.interval)} of segments, {scores.split}</span>
        ))}
        {metrics.why_not_validated && <span class="quiet"><br />not validated: {metrics.why_not_validated}</span>}
      </p>
      <Curves loss={metrics.history.loss} accuracy={metrics.history.accuracy} />
      {held.map(([family, scores]) => (
        <ConfusionTable key={family} confusion={scores.confusion} open={() => go(address("test", [name, String(revision)]))} />
      ))}
      <div class="row">
        {data.has_report && <a href={`${path}/report`} target="_blank" rel="noreferrer">report</a>}
        <a href={address("test", [name, String(revision)])}>test</a>
      </div>
    </section>
  );
}
