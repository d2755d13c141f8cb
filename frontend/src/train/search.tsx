import { useCallback } from "preact/hooks";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go, type Route } from "../route";

interface Trial {
  number: number;
  model: string;
  score: number | null;
  interval: [number, number] | null;
  flash_bytes: number | null;
  ram_bytes: number | null;
  instructions: number | null;
  on_front: boolean;
}

interface Found {
  measure: string;
  split: string;
  n_finished: number;
  rows: Trial[];
}

/** Many models within a budget of the board; the best of them can be kept. */
export function SearchPanel({ route, keep }: { route: Route; keep: (request: object) => void }) {
  const id = route.query.get("search");
  const { job, problem, start, cancel } = useJob(id, useCallback((made: string) => go(address("train", [], { search: made })), []));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const limits = ["flash", "ram", "instructions"].flatMap((name) => (form.get(name) ? [[name, Number(form.get(name))] as const] : []));
    start({ kind: "search", trials: Number(form.get("trials")), where: form.get("where"), ...Object.fromEntries(limits) });
  };
  const found = job?.state === "done" ? (job.result as Found) : null;
  const front = (found?.rows ?? []).filter((row) => row.on_front).sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const number = (name: string, label: string, value?: number) => (
    <label class="field">{label}<input name={name} type="number" min="1" defaultValue={value} placeholder="no limit" style={{ width: "8rem" }} /></label>
  );
  return (
    <details class="panel" open={id !== null || undefined}>
      <summary>Search within a budget</summary>
      <form class="row" onSubmit={submit} aria-label="Search for a model">
        {number("trials", "models to try", 20)}
        {number("flash", "flash in bytes")}
        {number("ram", "RAM in bytes")}
        {number("instructions", "instructions an event")}
        <label class="field">recordings where<input name="where" placeholder="all" /></label>
        <button disabled={job?.state === "running"}>Search</button>
      </form>
      <Problem error={problem} />
      <JobStatus job={job} cancel={cancel} />
      {found && (
        <div class="scroll">
          <p class="quiet">{found.n_finished} models tried; {found.measure}, {found.split}. Not beaten by any other within the budget:</p>
          <table>
            <thead><tr><th>model</th><th class="number">score</th><th class="number">flash</th><th class="number">RAM</th><th class="number">instructions</th><th /></tr></thead>
            <tbody>
              {front.map((row) => (
                <tr key={row.number}>
                  <td class="wide">{row.model}</td><td class="number">{row.score?.toFixed(3)}</td>
                  <td class="number">{row.flash_bytes?.toLocaleString()}</td><td class="number">{row.ram_bytes?.toLocaleString()}</td>
                  <td class="number">{row.instructions?.toLocaleString()}</td>
                  <td><button onClick={() => keep({ kind: "keep", name: "found", trial: row.number, where: where(job?.arguments ?? []) })}>Keep as “found”</button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** The choice that the search was started with: keeping must name the same one. */
const where = (words: string[]): string => words.find((word) => word.startsWith("--where="))?.slice("--where=".length) ?? "";
