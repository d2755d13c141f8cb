import { useCallback } from "preact/hooks";
import { modelNames, type ModelName, type RecordingRow } from "../api";
import type { ViewProps } from "../app";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go, type Route } from "../route";
import { useGet } from "../state";
import { Compare } from "../train/compare";
import { ModelCard } from "../train/model_card";
import { SearchPanel } from "../train/search";

const SHOWN_REVISIONS = 3;

/** Make models, and compare those that there are. */
export function TrainView({ route }: ViewProps) {
  const id = route.query.get("job");
  const { job, problem, start, cancel } = useJob(id, useCallback((made: string) => go(address("train", [], { job: made })), []));
  const running = job?.state === "running";
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const said = (name: string) => form.get(name);
    start({ kind: "train", name: said("name"), family: said("family"), where: said("where"), effort: said("effort") });
  };
  return (
    <>
      <h1>Train</h1>
      <div class="stack">
        <form class="panel row" onSubmit={submit} aria-label="Train a model">
          <label class="field">name<input name="name" required pattern="[A-Za-z_][A-Za-z0-9_]*" defaultValue="gestures" title="Letters, digits and _: it becomes the prefix in C" /></label>
          <label class="field">recordings where<input name="where" placeholder="all" /></label>
          <label class="field">
            kind of network
            <select name="family"><option value="auto">the better of both</option><option>dense</option><option>cnn</option></select>
          </label>
          <label class="field">
            effort
            <select name="effort"><option value="usual">usual</option><option value="quick">quick, a first look</option></select>
          </label>
          <button class="primary" disabled={running}>Train</button>
        </form>
        <Problem error={problem} />
        <JobStatus job={job} cancel={cancel} />
        <SearchPanel route={route} keep={start} />
      </div>
      <Models key={job?.state ?? ""} route={route} />
    </>
  );
}

/** Newest revisions side by side, and any two in full. */
function Models({ route }: { route: Route }) {
  const { data, problem, reload } = useGet<ModelName[]>("api/models");
  const recordings = useGet<RecordingRow[]>("api/recordings");
  return (
    <>
      <h2>Models</h2>
      <Problem error={problem} retry={reload} />
      {data?.length === 0 && <p class="quiet">None yet.</p>}
      <Compare names={modelNames(data)} route={route} />
      <div class="cards">
        {data?.flatMap((model) =>
          model.revisions.slice(-SHOWN_REVISIONS).reverse().map((revision) => (
            <ModelCard key={`${model.name}/${revision}`} name={model.name} revision={revision} rows={recordings.data ?? []} />
          )),
        )}
      </div>
    </>
  );
}
