import { useCallback, useEffect } from "preact/hooks";
import { modelNames, type Job, type ModelName, type RecordingRow } from "../api";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go, type Route } from "../route";
import { useGet } from "../state";

interface Doubt {
  recording: string;
  number: number;
  start: number;
  stop: number;
  label: string;
  answer: string;
  score: number;
}

interface Doubts {
  model: string;
  n_segments: number;
  doubts: Doubt[];
}

/** Key that goes to the next doubtful segment, in any recording. */
const NEXT_KEY = "x";

/** Segments that a model would call something else, one after the other. */
export function DoubtBar({ route, rows }: { route: Route; rows: RecordingRow[] }) {
  const models = useGet<ModelName[]>("api/models");
  const names = modelNames(models.data);
  const id = route.query.get("doubts");
  const keep = useCallback((made: string) => go(address("label", route.parts, { doubts: made }), true), [route.parts.join("/")]);
  const { job, problem, start, cancel } = useJob(id, keep);
  const found = doubtsOf(job);
  const at = Number(route.query.get("doubt") ?? 0); // counts from 1
  const current = found?.doubts[at - 1];
  const next = found && at < found.doubts.length ? at + 1 : null;
  const show = (number: number) => {
    const doubt = found!.doubts[number - 1]!;
    const rate = rows.find((row) => row.id === doubt.recording)?.rate_hz ?? 100;
    const around = { start: String(Math.max(0, Math.round(doubt.start - 3 * rate))), stop: String(Math.round(doubt.stop + 3 * rate)) };
    go(address("label", [doubt.recording], { ...around, at: String(doubt.start), doubts: id!, doubt: String(number) }));
  };

  useEffect(() => {
    if (next === null) return;
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const writes = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
      if (event.key.toLowerCase() === NEXT_KEY && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) show(next);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  if (names.length === 0) return null;
  return (
    <section class="row" aria-label="Doubtful labels">
      {!found && <button disabled={job?.state === "running"} onClick={() => start({ kind: "doubtful", name: names[0] })}>Which labels does {names[0]} doubt?</button>}
      {found && <span>{found.model} doubts {found.doubts.length} of {found.n_segments} labels</span>}
      {current && <strong role="status">{at}: {current.label}, or {current.answer}? (score {current.score})</strong>}
      {next !== null && <button onClick={() => show(next)}><kbd>X</kbd> next doubtful</button>}
      {found && <a href={address("label", route.parts)}>no more of this</a>}
      <Problem error={problem ?? models.problem} />
      {job && job.state !== "done" && <JobStatus job={job} cancel={cancel} />}
    </section>
  );
}

const doubtsOf = (job: Job | null): Doubts | null => (job?.state === "done" ? (job.result as Doubts) : null);
