import { Problem } from "../parts/problem";
import { percent } from "../results/types";
import { address, go, type Route } from "../route";
import { useGet } from "../state";

interface Change {
  what: string;
  a: unknown;
  b: unknown;
}

interface Metric {
  what: string;
  a: number | null;
  b: number | null;
  interval_a: [number, number] | null;
  interval_b: [number, number] | null;
  verdict: string;
}

interface Diff {
  a: string;
  b: string;
  same_model: boolean;
  incomparable: string[];
  metrics: Metric[];
  sizes: Change[];
  contract: Change[];
  thresholds: Change[];
  settings: Change[];
  data: { same: boolean; n_a: number; n_b: number; added: string[]; removed: string[]; changed: string[] };
}

/** Two models side by side, and what may be concluded from it. */
export function Compare({ names, route }: { names: string[]; route: Route }) {
  if (names.length < 2) return null;
  const a = route.query.get("a") ?? "";
  const b = route.query.get("b") ?? "";
  const choose = (changes: object) => go(address("train", [], { job: route.query.get("job") ?? "", a, b, ...changes }), true);
  const list = (key: "a" | "b", value: string) => (
    <label class="field">
      {key === "a" ? "compare" : "with"}
      <select value={value} onChange={(event) => choose({ [key]: event.currentTarget.value })}>
        <option value="">–</option>
        {names.map((name) => <option key={name}>{name}</option>)}
      </select>
    </label>
  );
  return (
    <section class="panel" aria-label="Compare two models">
      <div class="row">{list("a", a)}{list("b", b)}</div>
      {a && b && <Table a={a} b={b} />}
    </section>
  );
}

function Table({ a, b }: { a: string; b: string }) {
  const { data, problem, reload } = useGet<Diff>(`api/models/diff?${new URLSearchParams({ a, b })}`);
  if (!data) return <Problem error={problem} retry={reload} />;
  const changes = [...data.thresholds, ...data.contract, ...data.settings];
  return (
    <>
      {data.same_model && <p>The same model: contract and network are equal.</p>}
      {data.incomparable.map((reason) => <p key={reason} class="problem">Not comparable: {reason}</p>)}
      <div class="scroll">
        <table>
          <thead><tr><th scope="col">figure</th><th scope="col" class="number">{data.a}</th><th scope="col" class="number">{data.b}</th><th scope="col">{data.b} is</th></tr></thead>
          <tbody>
            {data.metrics.map((row) => (
              <tr key={row.what}>
                <th scope="row">{row.what}</th>
                <td class="number">{share(row.a, row.interval_a)}</td><td class="number">{share(row.b, row.interval_b)}</td><td>{row.verdict}</td>
              </tr>
            ))}
            {data.sizes.map((row) => <Row key={row.what} row={row} />)}
          </tbody>
        </table>
        <p class="quiet">{dataSentence(data)}</p>
        {changes.length > 0 && (
          <details>
            <summary>{changes.length} other differences</summary>
            <table><tbody>{changes.map((row) => <Row key={row.what} row={row} />)}</tbody></table>
          </details>
        )}
      </div>
    </>
  );
}

function Row({ row }: { row: Change }) {
  return <tr><th scope="row">{row.what}</th><td class="number">{shown(row.a)}</td><td class="number">{shown(row.b)}</td><td /></tr>;
}

function dataSentence({ data }: Diff): string {
  if (data.same) return `Trained on the same ${data.n_a} recordings.`;
  const parts = [["added", data.added], ["removed", data.removed], ["changed", data.changed]] as const;
  const told = parts.filter(([, names]) => names.length).map(([what, names]) => `${names.length} ${what} (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""})`);
  return `Trained on ${data.n_a} and ${data.n_b} recordings${told.length ? `: ${told.join("; ")}` : ""}.`;
}

const share = (value: number | null, interval: [number, number] | null): string =>
  interval ? `${percent(value)} (${percent(interval[0])} to ${percent(interval[1])})` : percent(value);

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return value.toLocaleString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
