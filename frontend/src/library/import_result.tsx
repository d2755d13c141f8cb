export interface Remark {
  kind: string;
  count: number;
  examples: string[];
}

export interface Preview {
  format: string;
  n_recordings: number;
  n_samples: number;
  duration_s: number | null;
  channels: string[];
  units: Record<string, string[]>;
  rates_hz: number[];
  labels: Record<string, number>;
  subjects: string[];
  n_without_subject: number;
  missing: { what: string; option: string }[];
  remarks: Remark[];
}

export interface Imported {
  added: string[];
  already_there: string[];
  duration_s: number;
  n_segments: number;
  labels: Record<string, number>;
  subjects: string[];
  remarks: Remark[];
}

/** What would come in, and what must be said first. */
export function ImportPreview({ preview }: { preview: Preview }) {
  return (
    <section aria-label="What would come in">
      <p>
        <strong>{preview.format}</strong>: {preview.n_recordings} recordings, {minutes(preview.duration_s)}
        {preview.rates_hz.length > 0 && ` at ${preview.rates_hz.join(", ")} Hz`}; channels {channels(preview)};
        {" "}labels {labels(preview.labels)}; subjects {preview.subjects.join(", ") || "none"}
        {preview.n_without_subject > 0 && `, ${preview.n_without_subject} recordings without one`}.
      </p>
      {preview.missing.map((item) => <p key={item.option} class="problem">The data do not say {item.what}: choose it below.</p>)}
      <Remarks remarks={preview.remarks} />
    </section>
  );
}

/** What came in. */
export function ImportResult({ result }: { result: Imported }) {
  return (
    <section aria-label="What came in">
      <p>
        {result.added.length} recordings came in, {minutes(result.duration_s)}, {result.n_segments} segments: {labels(result.labels)}.
        {result.already_there.length > 0 && ` ${result.already_there.length} were there already and stayed as they are.`}
      </p>
      <Remarks remarks={result.remarks} />
    </section>
  );
}

export function Remarks({ remarks }: { remarks: Remark[] }) {
  return (
    <ul class="quiet">
      {remarks.map((remark) => (
        <li key={remark.kind}>{remark.kind}: {remark.examples[0]}{remark.count > 1 && ` (and ${remark.count - 1} more)`}</li>
      ))}
    </ul>
  );
}

const minutes = (seconds: number | null): string => (seconds === null ? "of unknown length" : `${(seconds / 60).toFixed(1)} minutes`);

const labels = (counts: Record<string, number>): string =>
  Object.entries(counts).map(([label, n]) => `${label} ${n}`).join(", ") || "none";

const channels = ({ channels, units }: Preview): string =>
  channels.map((name) => (units[name] ? `${name} in ${units[name].join(" ")}` : name)).join(", ");
