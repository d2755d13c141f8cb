import { useMemo } from "preact/hooks";
import type { RecordingRow } from "../api";
import type { ViewProps } from "../app";
import { Problem } from "../parts/problem";
import { address, go } from "../route";
import { useGet } from "../state";
import { DoubtBar } from "./doubts";
import { Editor } from "./editor";
import { nUnnamed } from "./choose";

/** Labelling: one recording at a time, the next one that needs it first. */
export function LabelView(props: ViewProps) {
  const { data, problem, reload } = useGet<RecordingRow[]>("api/recordings");
  const rows = data ?? [];
  const open = useMemo(() => unfinished(rows), [rows]);
  const id = props.route.parts[0] ?? open[0]?.id ?? rows[0]?.id;
  const row = rows.find((one) => one.id === id);
  const next = open.find((one) => one.id !== id);
  return (
    <>
      <div class="row fields" style={{ marginBottom: "0.5rem" }}>
        <h1 style={{ margin: 0 }}>Label</h1>
        <label class="field">
          recording
          <select value={id} onChange={(event) => go(address("label", [event.currentTarget.value]))}>
            {rows.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id} {one.subject && `· ${one.subject}`} {isOpen(one) ? "" : "· reviewed"}
              </option>
            ))}
          </select>
        </label>
        {next && <a href={address("label", [next.id])}>next to review: {next.id}</a>}
        {rows.length > 0 && <DoubtBar route={props.route} rows={rows} />}
      </div>
      <Problem error={problem} retry={reload} />
      {data && rows.length === 0 && <p class="quiet">Nothing to label yet: record something, or import some recordings.</p>}
      {data && id && !row && <p class="problem">The project has no recording {id}.</p>}
      {row && <Editor key={row.id} row={row} rows={rows} {...props} saved={reload} />}
    </>
  );
}

const isOpen = (row: RecordingRow): boolean => row.reviewed_s < 0.99 * row.duration_s;

/** Recordings that nobody has gone through to the end; those with segments to name come first. */
function unfinished(rows: RecordingRow[]): RecordingRow[] {
  return rows.filter(isOpen).sort((a, b) => nUnnamed(b) - nUnnamed(a));
}
