import { useEffect, useState } from "preact/hooks";
import { post } from "../api";
import type { ViewProps } from "../app";
import { Scope } from "../live/scope";
import { useLive, type ConnectedBoard, type RecordingState } from "../live/use_live";
import { Problem } from "../parts/problem";
import { address } from "../route";
import { useGet } from "../state";
import { Notices } from "./devices";

interface Recorded {
  finished: { id: string; n_samples: number; n_segments: number; physics: { duration_s: number }; remarks: string[] };
  n_proposed: number;
}

/** All boards live; begin and end; what became of it. */
export function RecordView({ project, reloadProject }: ViewProps) {
  const live = useLive();
  const boards = live.status?.boards ?? [];
  const state: RecordingState = live.status?.recording ?? { phase: "idle", number: 0, repeat: 0, seconds: 0, label: "" };
  const [problem, setProblem] = useState<Error | null>(null);
  const idle = state.phase === "idle";
  useEffect(() => {
    if (idle) reloadProject();
  }, [idle]);

  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "");
    const fields = Object.fromEntries(project.fields.map((name) => [name, text(`field-${name}`)]).filter(([, value]) => value));
    const body = {
      label: text("label"), subject: text("subject"), notes: text("notes"), fields,
      countdown: Number(text("countdown")), repeat: Number(text("repeat")),
      ...(text("seconds") ? { seconds: Number(text("seconds")) } : {}),
    };
    post("api/record/begin", body).then(() => setProblem(null), setProblem);
  };
  const end = () => post("api/record/end", {}).then(() => setProblem(null), setProblem);

  return (
    <>
      <h1>Record</h1>
      <Problem error={live.isOpen ? problem : new Error("The gateway does not answer; trying again.")} />
      {live.status && boards.length === 0 && <p class="quiet">No board is connected: <a href={address("devices")}>connect one</a>.</p>}
      <RecordForm project={project} begin={begin} end={end} idle={idle} canBegin={boards.length > 0} />
      <StateLine state={state} />
      {!idle && state.phase === "recording" && <Keys labels={project.labels} now={state.label} failed={setProblem} />}
      {idle && <LastRecorded />}
      {boards.map((board) => <BoardScope key={board.address} board={board} />)}
      <Notices notices={live.notices} />
    </>
  );
}

interface FormProps {
  project: ViewProps["project"];
  begin: (event: SubmitEvent) => void;
  end: () => void;
  idle: boolean;
  canBegin: boolean;
}

function RecordForm({ project, begin, end, idle, canBegin }: FormProps) {
  return (
    <form class="panel row" onSubmit={begin} aria-label="What to record">
      <label class="field">label<input name="label" list="labels" size={10} /></label>
      <datalist id="labels">{project.labels.map((label) => <option key={label} value={label} />)}</datalist>
      <label class="field">subject<input name="subject" size={8} /></label>
      {project.fields.map((name) => <label class="field" key={name}>{name}<input name={`field-${name}`} size={8} /></label>)}
      <label class="field">notes<input name="notes" /></label>
      <label class="field">seconds<input name="seconds" type="number" min="0.5" step="0.5" placeholder="until End" style={{ width: "8rem" }} /></label>
      <label class="field">countdown<input name="countdown" type="number" min="0" max="60" defaultValue="3" style={{ width: "5rem" }} /></label>
      <label class="field">times<input name="repeat" type="number" min="1" max="999" defaultValue="1" style={{ width: "5rem" }} /></label>
      {idle ? <button class="primary" disabled={!canBegin}>Begin</button> : <button type="button" class="danger" onClick={end}>End</button>}
    </form>
  );
}

function StateLine({ state }: { state: RecordingState }) {
  if (state.phase === "idle") return null;
  const which = state.repeat > 1 ? ` (${state.number} of ${state.repeat})` : "";
  return (
    <p role="status" style={{ fontSize: "2rem", margin: "0.5rem 0" }}>
      {state.phase === "countdown" ? `${state.seconds} …${which}` : <><span class="trouble">●</span> {`${state.seconds.toFixed(1)} s${which} ${state.label}`}</>}
    </p>
  );
}

/** Labels while recording: press a digit when a gesture begins, again when it ends. */
function Keys({ labels, now, failed }: { labels: string[]; now: string; failed: (error: Error) => void }) {
  const mark = (label: string) => void post("api/record/mark", { label: label === now ? "" : label }).catch(failed);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
      const label = labels[Number(event.key) - 1];
      if (label) mark(label);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  return (
    <div class="row" role="group" aria-label="Label what happens now">
      {labels.slice(0, 9).map((label, i) => (
        <button key={label} aria-pressed={label === now} class={label === now ? "primary" : ""} onClick={() => mark(label)}><kbd>{i + 1}</kbd> {label}</button>
      ))}
    </div>
  );
}

function BoardScope({ board }: { board: ConnectedBoard }) {
  const { status } = board;
  return (
    <section aria-label={status.name}>
      <h2>
        {status.name} {status.side} <span class="quiet">{status.rate_hz.toFixed(0)} Hz, {status.n_missing} lost</span>
        {status.reason && <span class="trouble"> {status.reason}</span>}
      </h2>
      <Scope address={board.address} name={status.name} nChannels={board.channels.length} rateHz={status.rate_hz > 300 ? 400 : status.rate_hz > 150 ? 200 : 100} />
    </section>
  );
}

function LastRecorded() {
  const { data } = useGet<Recorded[]>("api/record/last");
  if (!data?.length) return null;
  return (
    <section class="panel" aria-label="Just recorded" style={{ margin: "0.5rem 0" }}>
      <h2>Just recorded</h2>
      <ul>
        {data.map(({ finished, n_proposed }) => (
          <li key={finished.id}>
            <a href={address("label", [finished.id])}>{finished.id}</a>: {finished.physics.duration_s.toFixed(1)} s
            {n_proposed > 0 && `, ${n_proposed} segments proposed`}
            {finished.remarks.length ? <span class="trouble">; {finished.remarks.join("; ")}</span> : <span style={{ color: "var(--good)" }}>; good</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
