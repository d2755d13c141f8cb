import type { Segment } from "../api";
import { seconds } from "../signal/plot";

interface Props {
  segments: Segment[];
  rateHz: number;
  chosen: ReadonlySet<number>;
  choose: (index: number, extend?: boolean) => void;
}

const AT_ONCE = 200;

/** The same segments as text: for screen readers, and for those who like lists. */
export function SegmentList({ segments, rateHz, chosen, choose }: Props) {
  const first = Math.max(0, ([...chosen][0] ?? 0) - AT_ONCE / 2);
  const rows = segments.slice(first, first + AT_ONCE);
  return (
    <details>
      <summary>Segments as a list ({segments.length})</summary>
      <div class="scroll">
        <table>
          <thead><tr><th>segment</th><th class="number">from</th><th class="number">to</th><th>label</th><th>made by</th></tr></thead>
          <tbody>
            {rows.map((segment, i) => (
              <tr key={first + i} aria-selected={chosen.has(first + i)}>
                <td><button onClick={(event) => choose(first + i, event.shiftKey)}>{first + i + 1}</button></td>
                <td class="number">{seconds(segment.start / rateHz)}</td>
                <td class="number">{seconds(segment.stop / rateHz)}</td>
                <td>{segment.label ?? "–"}</td>
                <td>{segment.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
