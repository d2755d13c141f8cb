import type { RecordingRow } from "../api";
import { address } from "../route";
import type { SegmentAnswer } from "./types";

interface Props {
  truth: string;
  answer: string;
  answers: SegmentAnswer[];
  rows: RecordingRow[];
  close: () => void;
}

/** The segments behind a cell of a confusion table, each with its place in the recording. */
export function Behind({ truth, answer, answers, rows, close }: Props) {
  const behind = answers.filter((one) => one[4] === truth && one[5] === answer);
  return (
    <section class="panel" aria-label={`${truth} answered as ${answer}`}>
      <div class="row"><strong>{truth} answered as {answer}</strong><button onClick={close}>Close</button></div>
      <ul class="columns">
        {behind.map(([recording, subject, start, stop, , , score]) => {
          const rate = rows.find((row) => row.id === recording)?.rate_hz ?? 1;
          const around = { start: String(Math.max(0, Math.round(start - rate))), stop: String(Math.round(stop + rate)), at: String(start) };
          return (
            <li key={`${recording}-${start}`}>
              <a href={address("label", [recording], around)}>{recording} at {(start / rate).toFixed(1)} s</a>
              {" "}<span class="quiet">{subject}{subject && ", "}score {score}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
