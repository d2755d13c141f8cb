import type { RecordingRow } from "../api";
import { address } from "../route";
import { Thumbnail } from "../signal/thumbnail";

interface Props {
  rows: RecordingRow[];
  chosen: ReadonlySet<string>;
  choose: (ids: ReadonlySet<string>) => void;
}

/** One line a recording, with its picture. */
export function RecordingTable({ rows, chosen, choose }: Props) {
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
          <th class="number">length</th><th class="number">segments</th><th>labels</th><th class="number">reviewed</th><th>quality</th>
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
            <td class="wide">{named(row)}</td>
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

/** Segments by label; those without one are told too. */
function named(row: RecordingRow): string {
  const counts = Object.entries(row.labels);
  const without = row.n_segments - counts.reduce((sum, [, n]) => sum + n, 0);
  return [...counts.map(([label, n]) => `${label} ${n}`), ...(without ? [`unlabelled ${without}`] : [])].join(", ");
}

function quality(row: RecordingRow): string {
  const faults = [
    row.n_gaps > 0 && `${row.n_gaps} gap${row.n_gaps > 1 ? "s" : ""}`,
    row.n_clipped > 0 && `${row.n_clipped} clipped`,
  ].filter(Boolean);
  return faults.length ? faults.join(", ") : "good";
}
