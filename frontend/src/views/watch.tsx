import type { ViewProps } from "../app";
import { labelColour } from "../colours";
import { useLive, type ConnectedBoard, type LiveEvent } from "../live/use_live";
import { Problem } from "../parts/problem";
import { address } from "../route";

const SHOWN = 8;

/** What recognising boards report, large enough to see from across a room. */
export function WatchView({ project }: ViewProps) {
  const live = useLive();
  const boards = (live.status?.boards ?? []).filter((board) => board.mode === "recognise");
  return (
    <>
      <h1>Watch</h1>
      <Problem error={live.isOpen ? null : new Error("The gateway does not answer; trying again.")} />
      {live.status && boards.length === 0 && (
        <p class="quiet">No board is recognising: flash a model, then <a href={address("devices")}>connect it with Watch</a>.</p>
      )}
      <div style={{ display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(18rem, 1fr))", gap: "1rem" }}>
        {boards.map((board) => (
          <BoardEvents key={board.address} board={board} names={project.labels} events={live.events.filter((event) => event.address === board.address)} />
        ))}
      </div>
    </>
  );
}

interface Props {
  board: ConnectedBoard;
  names: string[];
  events: LiveEvent[];
}

function BoardEvents({ board, names, events }: Props) {
  const recent = [...events].reverse();
  const last = recent[0];
  return (
    <section class="panel" aria-label={board.status.name} style={{ textAlign: "center" }}>
      <h2 style={{ marginTop: 0 }}>{board.status.name} {board.status.side}</h2>
      <p aria-live="polite" style={{ fontSize: "clamp(3rem, 10vw, 8rem)", lineHeight: 1.1, margin: "1rem 0", color: last ? labelColour(last.label, names) : "var(--quiet)" }}>
        {last?.label ?? "–"}
      </p>
      <ol style={{ listStyle: "none", padding: 0 }} class="quiet">
        {recent.slice(1, SHOWN).map((event) => <li key={event.at}>{event.label}{event.score !== null && ` · ${event.score}`}</li>)}
      </ol>
    </section>
  );
}
