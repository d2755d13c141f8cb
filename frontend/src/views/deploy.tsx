import { useCallback, useState } from "preact/hooks";
import { modelNames, post, type ModelName } from "../api";
import type { ViewProps } from "../app";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go } from "../route";
import { useGet } from "../state";

interface Range {
  n: number;
  min: number;
  mean: number;
  max: number;
}

interface Profile {
  flash: Record<string, number>;
  ram: Record<string, number>;
  stack: { measured: number; bound: number };
  instructions: Record<string, Range>;
  compiler: string;
  emulator: string;
  linked: string;
}

const CLOCK_HZ = 64e6;
const STAGES: Record<string, string> = {
  idle_push: "a sample while nothing happens",
  deciding_push: "the sample that decides, in all",
  path: "· segmentation",
  extract: "· features or window",
  network: "· network",
  decision: "· decision",
};

/** What a model costs on the board, and getting it there. */
export function DeployView({ route }: ViewProps) {
  const models = useGet<ModelName[]>("api/models");
  const names = modelNames(models.data);
  const name = route.query.get("model") ?? names[0] ?? "";
  const keep = useCallback((job: string) => go(address("deploy", [], { job, model: name })), [name]);
  const { job, problem, start, cancel } = useJob(route.query.get("job"), keep);
  const [trying, setTrying] = useState("");
  const [failure, setFailure] = useState<Error | null>(null);
  const running = job?.state === "running" || trying !== "";
  const tryVirtual = async () => {
    setTrying("building the firmware with this model");
    try {
      await post("api/devices/virtual", { hands: ["left", "right"], model: name });
      go(address("devices", [], { scan: "now" }));
    } catch (error) {
      setFailure(error as Error);
    }
    setTrying("");
  };
  return (
    <>
      <h1>Deploy</h1>
      <div class="panel row">
        <label class="field">
          model
          <select value={name} onChange={(event) => go(address("deploy", [], { model: event.currentTarget.value }))}>
            {names.map((one) => <option key={one}>{one}</option>)}
          </select>
        </label>
        <button class="primary" disabled={running || !name} onClick={() => start({ kind: "profile", name })}>Measure</button>
        <button disabled={running || !name} onClick={() => start({ kind: "verify", name })}>Verify</button>
        <button disabled={running || !name} onClick={() => start({ kind: "generate", name })}>Write C library</button>
        <button disabled={running || !name} onClick={() => start({ kind: "flash", name })}>Flash</button>
        <button disabled={running || !name} onClick={tryVirtual}>Try on virtual gloves</button>
        <span role="status" class="quiet">{trying && `${trying} …`}</span>
      </div>
      {models.data && names.length === 0 && <p class="quiet">There is no model yet: <a href={address("train")}>train one</a>.</p>}
      <Problem error={problem ?? failure} />
      <JobStatus job={job} cancel={cancel} />
      {job?.state === "done" && job.verb === "profile" && <Cost profile={job.result as Profile} />}
      {job?.state === "done" && job.verb === "verify" && <p>Laptop and board compute the same, bit for bit.</p>}
      {job?.state === "done" && job.verb === "generate" && <p>The library is in <code>library/</code> of the project.</p>}
      {job?.state === "done" && job.verb === "flash" && <p>The board carries this model now.</p>}
    </>
  );
}

function Cost({ profile }: { profile: Profile }) {
  const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((a, b) => a + b, 0);
  const library = profile.flash.library ?? sum(profile.flash);
  return (
    <section aria-label="What it costs">
      <dl class="row" style={{ fontSize: "1.2rem" }}>
        <Figure name="flash" value={`${(library / 1024).toFixed(1)} KiB`} />
        <Figure name="RAM" value={`${(sum(profile.ram) / 1024).toFixed(1)} KiB`} />
        <Figure name="stack, at most" value={`${profile.stack.bound} B`} />
      </dl>
      <table>
        <thead><tr><th>instructions</th><th class="number">least</th><th class="number">mean</th><th class="number">most</th><th class="number">at 64 MHz, one a cycle</th></tr></thead>
        <tbody>
          {Object.entries(profile.instructions).filter(([key]) => key in STAGES).map(([key, range]) => (
            <tr key={key}>
              <td>{STAGES[key]}</td>
              <td class="number">{range.min.toLocaleString()}</td>
              <td class="number">{Math.round(range.mean).toLocaleString()}</td>
              <td class="number">{range.max.toLocaleString()}</td>
              <td class="number">{((range.mean / CLOCK_HZ) * 1e3).toPrecision(2)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">Measured: {profile.compiler}, {profile.emulator}; {profile.linked}.</p>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return <div style={{ minWidth: "8rem" }}><dt class="quiet">{name}</dt><dd style={{ margin: 0 }}>{value}</dd></div>;
}
