import type { RecordingRow } from "../api";
import { address, go } from "../route";
import { termOf, withTerm } from "./where";

export interface Shown {
  where: string;
  deleted: boolean;
  sort: string;
}

export const SORTS: Record<string, string> = {
  name: "name",
  unnamed: "unlabelled segments first",
  reviewed: "least reviewed first",
  longest: "longest first",
};

/** The Library with these filters. */
export const libraryAddress = ({ where, deleted, sort }: Shown): string =>
  address("library", [], { where, deleted: deleted ? "yes" : "", sort: sort === "name" ? "" : sort });

/** What is shown: words of `--where`, lists for its usual terms, order, deleted ones. */
export function Filters({ shown, all }: { shown: Shown; all: RecordingRow[] }) {
  const { where } = shown;
  const change = (more: Partial<Shown>) => go(libraryAddress({ ...shown, ...more }));
  const subjects = distinct(all.map((row) => row.subject));
  const labels = distinct(all.flatMap((row) => Object.keys(row.labels)));
  const list = (field: string, name: string, values: string[]) => (
    <label class="field">
      {name}
      <select value={termOf(where, field)} onChange={(event) => change({ where: withTerm(where, field, event.currentTarget.value) })}>
        <option value="">all</option>
        {values.map((value) => <option key={value}>{value}</option>)}
      </select>
    </label>
  );
  return (
    <form
      class="row"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        change({ where: String(new FormData(event.currentTarget).get("where")) });
      }}
    >
      {list("label", "with label", labels)}
      {list("subject", "of subject", subjects)}
      {list("quality", "of quality", ["good", "gaps", "clipped"])}
      <label class="field grow">
        where
        <input name="where" key={where} defaultValue={where} placeholder="side=left subject!=S3" />
      </label>
      <button>Filter</button>
      <label class="field">
        order
        <select value={shown.sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
          {Object.entries(SORTS).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
        </select>
      </label>
      <label class="tick">
        <input type="checkbox" checked={shown.deleted} onChange={(event) => change({ deleted: event.currentTarget.checked })} /> deleted ones
      </label>
    </form>
  );
}

export function sorted(rows: RecordingRow[], sort: string): RecordingRow[] {
  const unnamed = (row: RecordingRow) => row.n_segments - Object.values(row.labels).reduce((sum, n) => sum + n, 0);
  const reviewed = (row: RecordingRow) => row.reviewed_s / row.duration_s;
  switch (sort) {
    case "unnamed": return [...rows].sort((a, b) => unnamed(b) - unnamed(a));
    case "reviewed": return [...rows].sort((a, b) => reviewed(a) - reviewed(b));
    case "longest": return [...rows].sort((a, b) => b.duration_s - a.duration_s);
    default: return rows;
  }
}

const distinct = (values: string[]): string[] => [...new Set(values)].filter(Boolean).sort();
