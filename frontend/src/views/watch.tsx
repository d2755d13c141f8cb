import { useRef } from "preact/hooks";
import type { ViewProps } from "../app";
import { labelColour } from "../colours";
import { useLive, type ConnectedBoard, type LiveEvent } from "../live/use_live";
import { Problem } from "../parts/problem";
import { address } from "../route";

const SHOWN = 8;

/** What recognising boards report, large enough to see from across a room. */
export function WatchView({ project }: ViewProps) {
  const live = useLive();
  const screen = useRef<HTMLDivElement>(null);
  const boards = (live.status?.boards ?? []).filter((board) => board.mode === "recognise" || board.trial);
  return (
    <>
      <div class="row">
        <h1>Watch</h1>
        {boards.length > 0 && <button onClick={() => void screen.current?.requestFullscreen()}>Whole screen</button>}
      </div>
      <Problem error={live.isOpen ? null : new Error("The gateway does not answer; trying again.")} />
      {live.status && boards.length === 0 && (
        <p class="quiet">Nothing recognises: flash a model, then <a href={address("devices")}>connect the board with Watch</a>, or try a model on the gateway there.</p>
      )}
      <div ref={screen} class="watch">
        {boards.flatMap((board) => {
          const events = live.events.filter((event) => event.address === board.address);
          const by = [...(board.mode === "recognise" ? (["board"] as const) : []), ...(board.trial ? (["gateway"] as const) : [])];
          return by.map((origin) => (
            <BoardEvents key={board.address + origin} board={board} by={origin} names={project.labels} events={events.filter((event) => event.by === origin)} />
          ));
        })}
      </div>
    </>
  );
}

interface Props {
  by: "board" | "gateway";
  board: ConnectedBoard;
  names: string[];
  events: LiveEvent[];
}

function BoardEvents({ by, board, names, events }: Props) {
  const recent = [...events].reverse();
  const last = recent[0];
  return (
    <section class="panel" aria-label={board.status.name} style={{ textAlign: "center" }}>
      <h2 style={{ marginTop: 0 }}>{board.status.name} {board.status.side}</h2>
      <p class="quiet">
        {by === "board" ? "the board" : `the gateway, ${board.trial?.model}`}
        {by === "gateway" && board.trial && board.trial.n_board > 0 && `: ${board.trial.n_agree} of the board's ${board.trial.n_board} events are the same`}
      </p>
      <div aria-live="polite">
        <p key={last?.at} class="now" style={{ "--letters": (last?.label ?? "–").length, borderColor: last ? labelColour(last.label, names) : "var(--line)" }}>{last?.label ?? "–"}</p>
      </div>
      <ol style={{ listStyle: "none", padding: 0 }} class="quiet">
        {recent.slice(1, SHOWN).map((event) => <li key={event.at}>{event.label}{event.score !== null && ` · ${event.score}`}</li>)}
      </ol>
    </section>
  );
}
