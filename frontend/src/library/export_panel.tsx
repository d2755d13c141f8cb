import { useCallback } from "preact/hooks";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go, type Route } from "../route";
import { Remarks, type Remark } from "./import_result";

const FORMATS: Record<string, string> = {
  csv: "CSV",
  sensiml: "SensiML Data Studio",
  "sensiml-device": "SensiML: description of our boards",
  "edge-impulse": "Edge Impulse",
  ts: ".ts (sktime, aeon)",
  createai: "micro:bit CreateAI",
};

interface Exported {
  format: string;
  n_recordings: number;
  n_files: number;
  import_again: string;
  remarks: Remark[];
}

/** What is shown, as files of another tool. */
export function ExportPanel({ route, where, n }: { route: Route; where: string; n: number }) {
  const id = route.query.get("export");
  const keep = useCallback((job: string) => go(address("library", [], { where, export: job }), true), [where]);
  const { job, problem, start, cancel } = useJob(id, keep);
  const done = job?.state === "done" ? (job.result as Exported) : null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    start({ kind: "export", format: new FormData(event.currentTarget as HTMLFormElement).get("format"), where });
  };
  return (
    <details class="panel" open={id !== null || undefined}>
      <summary>Export</summary>
      <form class="row" onSubmit={submit} aria-label="Export">
        <label class="field">
          format
          <select name="format">{Object.entries(FORMATS).map(([key, name]) => <option key={key} value={key}>{name}</option>)}</select>
        </label>
        <button disabled={job?.state === "running" || n === 0}>Export {where ? "what is shown" : "everything"}</button>
        {done && job && <a class="button" href={`api/jobs/${encodeURIComponent(job.id)}/files`} download>Download {done.n_files} file{done.n_files === 1 ? "" : "s"} as ZIP</a>}
      </form>
      <Problem error={problem} />
      <JobStatus job={job} cancel={cancel} />
      {done && <Remarks remarks={done.remarks} />}
    </details>
  );
}
