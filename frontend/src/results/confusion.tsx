import type { Confusion } from "./types";

interface Props {
  confusion: Confusion;
  /** Called with what is true and what was answered. */
  open?: (truth: string, answer: string) => void;
}

/** Rows are what is true, columns what the model answers. */
export function ConfusionTable({ confusion, open }: Props) {
  const rows = Object.keys(confusion);
  const answers = new Set(rows.flatMap((row) => Object.keys(confusion[row]!)));
  const columns = [...rows.filter((row) => answers.has(row)), ...[...answers].filter((name) => !rows.includes(name))];
  return (
    <div class="scroll">
      <table>
        <caption class="visually-hidden">Confusion: rows are what is true, columns what the model answers</caption>
        <thead>
          <tr><th scope="col">true ↓ answered →</th>{columns.map((name) => <th key={name} scope="col" class="number">{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const total = Object.values(confusion[row]!).reduce((sum, n) => sum + n, 0);
            return (
              <tr key={row}>
                <th scope="row">{row}</th>
                {columns.map((column) => <Cell key={column} truth={row} answer={column} n={confusion[row]![column] ?? 0} total={total} open={open} />)}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  truth: string;
  answer: string;
  n: number;
  total: number;
  open: Props["open"];
}

function Cell({ truth, answer, n, total, open }: CellProps) {
  const right = truth === answer;
  const share = total ? n / total : 0;
  const background = n ? `color-mix(in srgb, var(${right ? "--good" : "--bad"}) ${Math.round(10 + 35 * share)}%, transparent)` : "none";
  return (
    <td class="number" style={{ background }}>
      {n === 0 ? <span class="quiet">·</span> : open ? (
        <button onClick={() => open(truth, answer)} aria-label={`${n} of ${truth} answered as ${answer}: show them`}>{n}</button>
      ) : n}
    </td>
  );
}
