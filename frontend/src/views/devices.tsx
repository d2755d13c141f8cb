import { useCallback, useEffect, useState } from "preact/hooks";
import { json, modelNames, post, type ModelName } from "../api";
import type { ViewProps } from "../app";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { useLive, type ConnectedBoard } from "../live/use_live";
import { Problem } from "../parts/problem";
import { address as link, go, type Route } from "../route";
import { useGet } from "../state";

interface Heard {
  way: string;
  address: string;
  name: string;
  mode: string;
  side: string;
  device: string;
  rssi_dbm: number | null;
}

/** Boards: find, connect, tell apart, name; virtual ones to try. */
export function DevicesView({ route }: ViewProps) {
  const live = useLive();
  const [heard, setHeard] = useState<Heard[] | null>(null);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<Error | null>(null);
  const connected = live.status?.boards ?? [];

  const attempt = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy("");
  };
  const scan = () => attempt("scanning", async () => setHeard(await post<Heard[]>("api/devices/scan", { seconds: 4 })));
  const connect = (address: string, mode: string) =>
    attempt(`connecting ${address}`, async () => {
      await post("api/devices/connect", { address, mode });
      setHeard((rows) => rows?.filter((row) => row.address !== address) ?? null);
    });
  const tryVirtual = () =>
    attempt("starting virtual gloves; the first time the firmware is compiled", async () => {
      await post("api/devices/virtual", { hands: ["left", "right"] });
      setHeard(await post<Heard[]>("api/devices/scan", { seconds: 2 }));
    });
  const stopVirtual = () => attempt("stopping", () => json("DELETE", "api/devices/virtual"));

  useEffect(() => {
    if (route.query.has("scan")) void scan(); // somebody has just switched boards on
  }, []);

  return (
    <>
      <h1>Devices</h1>
      <div class="row">
        <button class="primary" disabled={busy !== ""} onClick={scan}>Scan</button>
        <button disabled={busy !== ""} onClick={tryVirtual}>Virtual gloves</button>
        <button disabled={busy !== ""} onClick={stopVirtual}>Stop virtual gloves</button>
        <span role="status" class="quiet">{busy && `${busy} …`}</span>
      </div>
      <Problem error={problem} />
      <NewBoard route={route} />
      <h2>Connected</h2>
      {connected.length === 0 && <p class="quiet">None.</p>}
      {connected.map((board) => <Connected key={board.address} board={board} attempt={attempt} />)}
      {connected.length > 0 && <p><a href={link("record")}>Record from {connected.length === 1 ? "it" : "them"}</a></p>}
      {heard && (
        <>
          <h2>Heard</h2>
          {heard.length === 0 && <p class="quiet">No board. Is it on, near, and not connected to something else?</p>}
          <ul style={{ listStyle: "none", padding: 0 }}>
            {heard.map((row) => (
              <li key={row.address} class="panel row" style={{ marginBottom: "0.5rem" }}>
                <strong>{row.name || row.address}</strong>
                <span class="quiet">{[row.side, row.device, row.mode, row.way, row.rssi_dbm && `${row.rssi_dbm} dBm`].filter(Boolean).join(" · ")}</span>
                <button disabled={busy !== ""} onClick={() => connect(row.address, "capture")}>Connect</button>
                {row.mode === "recognise" && <button disabled={busy !== ""} onClick={() => connect(row.address, "recognise")}>Watch</button>}
              </li>
            ))}
          </ul>
        </>
      )}
      <Notices notices={live.notices} />
    </>
  );
}

/** A board out of its box gets the firmware that captures; it then comes up in scans. */
function NewBoard({ route }: { route: Route }) {
  const id = route.query.get("job");
  const { job, problem, start, cancel } = useJob(id, useCallback((made: string) => go(link("devices", [], { job: made }), true), []));
  const report = job?.state === "done" ? (job.result as { boards: { port: string; device: string; sensor: string }[] }) : null;
  return (
    <details class="panel" style={{ marginTop: "0.75rem" }} open={id !== null || undefined}>
      <summary>Prepare a new board</summary>
      <p>Connect an Arduino Nano 33 BLE Sense by its USB cable. It gets the firmware that captures, and is then asked what it runs. The first time, the compiler for it is downloaded.</p>
      <button disabled={job?.state === "running"} onClick={() => start({ kind: "flash" })}>Flash the capture firmware</button>
      <Problem error={problem} />
      <JobStatus job={job} cancel={cancel} />
      {report?.boards.map((board) => <p key={board.port}>{board.port}: board {board.device}, sensor {board.sensor}. Scan for it now.</p>)}
    </details>
  );
}

interface ConnectedProps {
  board: ConnectedBoard;
  attempt: (what: string, work: () => Promise<unknown>) => Promise<void>;
}

function Connected({ board, attempt }: ConnectedProps) {
  const { status, address } = board;
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const name = String(form.get("name"));
    void attempt("naming", () => post("api/devices/name", { address, side: form.get("side"), ...(name ? { name } : {}) }));
  };
  return (
    <section class="panel" style={{ marginBottom: "0.5rem" }} aria-label={status.name}>
      <div class="row">
        <strong>{status.name}</strong>
        <span>{status.side}</span>
        <span class="quiet">{status.device} · {board.mode}</span>
        <span class={status.reason ? "trouble" : ""}>{status.state}{status.reason && `: ${status.reason}`}</span>
        <button onClick={() => attempt("blinking", () => post("api/devices/identify", { address }))}>Identify</button>
        <button onClick={() => attempt("disconnecting", () => post("api/devices/disconnect", { address }))}>Disconnect</button>
      </div>
      <dl class="row" style={{ margin: "0.5rem 0" }}>
        <Figure name="rate" value={`${status.rate_hz.toFixed(1)} Hz`} />
        <Figure name="lost" value={`${status.n_missing} of ${status.n_samples + status.n_missing}`} />
        <Figure name="links" value={String(status.n_links)} />
        <Figure name="signal" value={status.rssi_dbm ? `${status.rssi_dbm} dBm` : "–"} />
        <Figure name="contract" value={board.channels.length ? `${board.channels.join(" ")} at ${board.rate_hz} Hz` : "–"} />
      </dl>
      <div class="row fields" style={{ gap: "0.5rem 2rem" }}>
      <form class="row" onSubmit={rename}>
        <label class="field">name<input name="name" maxLength={20} placeholder={status.name} /></label>
        <label class="field">side<select name="side" value={status.side || "none"}><option>left</option><option>right</option><option>none</option></select></label>
        <button>Keep on the board</button>
      </form>
      <Trial board={board} attempt={attempt} />
      </div>
    </section>
  );
}

/** A model on the gateway's own stream of this board: to try it before it is flashed. */
function Trial({ board, attempt }: ConnectedProps) {
  const { data } = useGet<ModelName[]>("api/models");
  const names = modelNames(data);
  if (names.length === 0) return null;
  const choose = (model: string) =>
    attempt(model ? `compiling ${model}` : "ending the trial", () => post("api/devices/try", { address: board.address, model: model || null }));
  return (
    <div class="row fields">
      <label class="field">
        try on the gateway
        <select value={board.trial?.model ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">no model</option>
          {names.map((name) => <option key={name}>{name}</option>)}
        </select>
      </label>
      {board.trial && <a href={link("watch")}>watch</a>}
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return <div style={{ minWidth: "6rem" }}><dt class="quiet">{name}</dt><dd style={{ margin: 0 }}>{value}</dd></div>;
}

export function Notices({ notices }: { notices: { text: string; is_problem: boolean; at: number }[] }) {
  if (notices.length === 0) return null;
  return (
    <>
      <h2>Lately</h2>
      <ul role="log" aria-label="What happened lately">
        {[...notices].reverse().slice(0, 8).map((notice) => (
          <li key={notice.at} class={notice.is_problem ? "trouble" : ""}>{notice.text}</li>
        ))}
      </ul>
    </>
  );
}
