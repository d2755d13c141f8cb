import { useRef } from "preact/hooks";
import { labelColour } from "../colours";
import { address, go } from "../route";
import { useWidth } from "../state";
import type { FoundEvent, SegmentAnswer } from "./types";

const ROW = 16;

interface Props {
  recording: string;
  n: number;
  rateHz: number;
  names: string[];
  answers: SegmentAnswer[];
  found: FoundEvent[];
}

/** True events above, found ones below; press to look at that time. */
export function Timeline({ recording, n, rateHz, names, answers, found }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const x = (row: number) => (row * width) / n;
  const show = (row: number) => {
    const half = 5 * rateHz;
    go(address("label", [recording], { start: String(Math.max(0, Math.round(row - half))), stop: String(Math.min(n, Math.round(row + half))) }));
  };
  const spans = [
    ...answers.map(([, , start, stop, label]) => ({ start, stop, label, y: 0, what: `true ${label}` })),
    ...found.map(([start, stop, label, score]) => ({ start, stop, label, y: ROW + 2, what: `found ${label}, score ${score}` })),
  ];
  return (
    <div ref={box}>
      <svg width={width} height={2 * ROW + 2} role="img" aria-label={`${answers.length} true and ${found.length} found events of ${recording}`}>
        <rect width={width} height={ROW} fill="var(--panel)" />
        <rect y={ROW + 2} width={width} height={ROW} fill="var(--panel)" />
        {spans.map((span) => (
          <rect
            key={`${span.y}-${span.start}`} x={x(span.start)} width={Math.max(2, x(span.stop - span.start))} y={span.y} height={ROW}
            fill={labelColour(names.includes(span.label) ? span.label : null, names)} style={{ cursor: "pointer" }} onClick={() => show(span.start)}
          >
            <title>{span.what} at {(span.start / rateHz).toFixed(1)} s</title>
          </rect>
        ))}
      </svg>
    </div>
  );
}
