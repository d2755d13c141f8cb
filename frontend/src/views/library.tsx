import { useState } from "preact/hooks";
import { patch, type RecordingRow } from "../api";
import type { ViewProps } from "../app";
import { Problem } from "../parts/problem";
import { address, go } from "../route";
import { Thumbnail } from "../signal/thumbnail";
import { useGet } from "../state";

/** Recordings: find, correct in bulk, delete with undo. */
export function LibraryView({ project, route, reloadProject }: ViewProps) {
  const where = route.query.get("where") ?? "";
  const { data, problem, reload } = useGet<RecordingRow[]>(`api/recordings?where=${encodeURIComponent(where)}`);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleted, setDeleted] = useState<string[]>([]);
  const [failure, setFailure] = useState<Error | null>(null);
  const rows = data ?? [];
  const ids = rows.map((row) => row.id).filter((id) => chosen.has(id));

  const correct = (changes: object, of: string[] = ids): Promise<boolean> =>
    patch("api/recordings", { ids: of, ...changes }).then(
      () => {
        setFailure(null);
        reload();
        reloadProject();
        return true;
      },
      (error: Error) => {
        setFailure(error);
        return false;
      },
    );
  const remove = async () => {
    if (await correct({ deleted: true })) setDeleted(ids);
  };
  const restore = async () => {
    if (await correct({ deleted: false }, deleted)) setDeleted([]);
  };

  return (
    <>
      <h1>Library</h1>
      <Where value={where} />
      <Problem error={problem ?? failure} retry={reload} />
      <BulkEdit count={ids.length} labels={project.labels} correct={correct} remove={remove} />
      {data && rows.length === 0 && <p class="quiet">No recording {where ? "matches" : "yet: record one, or import some"}.</p>}
      <div class="scroll">
        {rows.length > 0 && (
          <Table rows={rows} chosen={chosen} choose={setChosen} />
        )}
      </div>
      {deleted.length > 0 && (
        <div class="toast" role="status">
          {deleted.length === 1 ? `${deleted[0]} deleted` : `${deleted.length} recordings deleted`}
          <button onClick={restore}>Undo</button>
          <button aria-label="Close" onClick={() => setDeleted([])}>×</button>
        </div>
      )}
    </>
  );
}

function Where({ value }: { value: string }) {
  return (
    <form
      class="row"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get("where");
        go(address("library", [], { where: String(text) }));
      }}
    >
      <label class="field">
        Show recordings where
        <input name="where" key={value} defaultValue={value} placeholder="side=left subject!=S3" size={36} />
      </label>
      <button>Filter</button>
      {value && <a href={address("library")}>all</a>}
    </form>
  );
}

interface BulkProps {
  count: number;
  labels: string[];
  correct: (changes: object) => Promise<boolean>;
  remove: () => void;
}

function BulkEdit({ count, labels, correct, remove }: BulkProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const changes: Record<string, string> = {};
    for (const name of ["subject", "side", "default_label"]) {
      const value = String(form.get(name) ?? "");
      if (value) changes[name] = value;
    }
    void correct(changes);
  };
  return (
    <form class="panel row" onSubmit={submit} aria-label="Correct the chosen recordings">
      <span>{count} chosen</span>
      <label class="field">subject<input name="subject" size={8} /></label>
      <label class="field">
        side
        <select name="side"><option value="">as it is</option><option>left</option><option>right</option></select>
      </label>
      <label class="field">
        label
        <select name="default_label">
          <option value="">as it is</option>
          {labels.map((label) => <option key={label}>{label}</option>)}
        </select>
      </label>
      <button disabled={count === 0}>Correct</button>
      <button type="button" class="danger" disabled={count === 0} onClick={remove}>Delete</button>
    </form>
  );
}

interface TableProps {
  rows: RecordingRow[];
  chosen: ReadonlySet<string>;
  choose: (ids: ReadonlySet<string>) => void;
}

function Table({ rows, chosen, choose }: TableProps) {
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    choose(next);
  };
  return (
    <table>
      <thead>
        <tr>
          <th>
            <input
              type="checkbox"
              aria-label="Choose all"
              checked={rows.every((row) => chosen.has(row.id))}
              onChange={(event) => choose(new Set(event.currentTarget.checked ? rows.map((row) => row.id) : []))}
            />
          </th>
          <th>recording</th><th>signal</th><th>subject</th><th>side</th><th>label</th>
          <th class="number">length</th><th class="number">segments</th><th class="number">reviewed</th><th>quality</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td>
              <input
                type="checkbox"
                aria-label={`Choose ${row.id}`}
                checked={chosen.has(row.id)}
                onChange={(event) => toggle(row.id, event.currentTarget.checked)}
              />
            </td>
            <td><a href={address("label", [row.id])}>{row.id}</a></td>
            <td><Thumbnail id={row.id} /></td>
            <td>{row.subject}</td><td>{row.side}</td><td>{row.default_label}</td>
            <td class="number">{duration(row.duration_s)}</td>
            <td class="number">{row.n_segments}</td>
            <td class="number">{percent(row.reviewed_s / row.duration_s)}</td>
            <td>{quality(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(100 * share)} %` : "–");

function quality(row: RecordingRow): string {
  const faults = [
    row.n_gaps > 0 && `${row.n_gaps} gap${row.n_gaps > 1 ? "s" : ""}`,
    row.n_clipped > 0 && `${row.n_clipped} clipped`,
  ].filter(Boolean);
  return faults.length ? faults.join(", ") : "good";
}
