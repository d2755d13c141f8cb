import { useState } from "preact/hooks";
import type { RecordingRow } from "../api";
import { Problem } from "../parts/problem";
import { Behind } from "../results/behind";
import { BySubject } from "../results/by_subject";
import { ConfusionTable } from "../results/confusion";
import { Curves } from "../results/curves";
import { percentWith, type HeldOut, type Metrics } from "../results/types";
import { address } from "../route";
import { useGet } from "../state";

interface Model {
  name: string;
  revision: number;
  model_id: string;
  metrics: Metrics;
  recordings: string[];
  has_report: boolean;
}

/** One revision: what it is, and how its recipe does on people it has not seen. */
export function ModelCard({ name, revision, rows }: { name: string; revision: number; rows: RecordingRow[] }) {
  const path = `api/models/${encodeURIComponent(name)}/${revision}`;
  const { data, problem, reload } = useGet<Model>(path);
  if (!data) return <Problem error={problem} retry={reload} />;
  const { metrics } = data;
  const held = Object.entries(metrics.on_held_out_segments);
  return (
    <section class="panel card" aria-label={`Model ${name}/${revision}`}>
      <h3>{name}/{revision}</h3>
      <p>
        {metrics.family}, {metrics.n_parameters.toLocaleString()} parameters, {data.recordings.length} recordings
        {metrics.calibration && `, thresholds of their own`}
        {metrics.why_not_validated && <span class="quiet"><br />not validated: {metrics.why_not_validated}</span>}
      </p>
      <Curves loss={metrics.history.loss} accuracy={metrics.history.accuracy} />
      {held.map(([family, scores]) => <HeldOutResult key={family} family={family} scores={scores} rows={rows} />)}
      <div class="row">
        {data.has_report && <a href={`${path}/report`} target="_blank" rel="noreferrer">report</a>}
        <a href={address("test", [name, String(revision)])}>test</a>
        <a href={address("deploy", [], { model: `${name}/${revision}` })}>deploy</a>
      </div>
    </section>
  );
}

function HeldOutResult({ family, scores, rows }: { family: string; scores: HeldOut; rows: RecordingRow[] }) {
  const [cell, setCell] = useState<{ truth: string; answer: string } | null>(null);
  const answers = scores.answers ?? [];
  return (
    <>
      <p><strong>{family}</strong>: {percentWith(scores.accuracy, scores.interval)} of segments, {scores.split}</p>
      <div class="beside">
      <ConfusionTable confusion={scores.confusion} {...(answers.length ? { open: (truth, answer) => setCell({ truth, answer }) } : {})} />
      <BySubject answers={answers} />
      </div>
      {cell && <Behind {...cell} answers={answers} rows={rows} close={() => setCell(null)} />}
    </>
  );
}
