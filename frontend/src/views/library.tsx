import { useState } from "preact/hooks";
import { patch, type RecordingRow } from "../api";
import type { ViewProps } from "../app";
import { BulkEdit } from "../library/bulk_edit";
import { ExportPanel } from "../library/export_panel";
import { Filters, sorted } from "../library/filters";
import { ImportPanel } from "../library/import_panel";
import { RecordingTable } from "../library/table";
import { Problem } from "../parts/problem";
import { useGet } from "../state";

/** Recordings: find, correct in bulk, delete with undo, import, export. */
export function LibraryView({ project, route, reloadProject }: ViewProps) {
  const shown = {
    where: route.query.get("where") ?? "",
    deleted: route.query.has("deleted"),
    sort: route.query.get("sort") ?? "name",
  };
  const query = new URLSearchParams({ where: shown.where, deleted: String(shown.deleted) });
  const { data, problem, reload } = useGet<RecordingRow[]>(`api/recordings?${query}`);
  const all = useGet<RecordingRow[]>("api/recordings");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleted, setDeleted] = useState<string[]>([]);
  const [failure, setFailure] = useState<Error | null>(null);
  const rows = sorted(data ?? [], shown.sort);
  const ids = rows.map((row) => row.id).filter((id) => chosen.has(id));

  const changed = () => {
    setFailure(null);
    reload();
    all.reload();
    reloadProject();
  };
  const correct = (changes: object, of: string[] = ids): Promise<boolean> =>
    patch("api/recordings", { ids: of, ...changes }).then(
      () => {
        changed();
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
  const restore = async (of: string[]) => {
    if (await correct({ deleted: false }, of)) setDeleted([]);
  };

  return (
    <>
      <h1>Library</h1>
      <div class="stack">
        <ImportPanel route={route} imported={changed} />
        <ExportPanel route={route} where={shown.where} n={rows.length} />
        <Filters shown={shown} all={all.data ?? []} />
      </div>
      <Problem error={problem ?? failure} retry={reload} />
      <BulkEdit
        count={ids.length} labels={project.labels} deleted={shown.deleted}
        correct={correct} remove={remove} restore={() => void restore(ids)}
      />
      {data && rows.length === 0 && <p class="quiet">{empty(shown)}</p>}
      <div class="scroll">{rows.length > 0 && <RecordingTable rows={rows} chosen={chosen} choose={setChosen} />}</div>
      {deleted.length > 0 && (
        <div class="toast" role="status">
          {deleted.length === 1 ? `${deleted[0]} deleted` : `${deleted.length} recordings deleted`}
          <button onClick={() => restore(deleted)}>Undo</button>
          <button aria-label="Close" onClick={() => setDeleted([])}>×</button>
        </div>
      )}
    </>
  );
}

function empty({ where, deleted }: { where: string; deleted: boolean }): string {
  if (where) return "No recording matches.";
  return deleted ? "Nothing is deleted." : "No recording yet: record one, or import some.";
}
