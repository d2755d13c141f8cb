const WIDTH = 360;
const HEIGHT = 120;

/** Loss and accuracy over training, each from 0 to its largest value. */
export function Curves({ loss, accuracy }: { loss: number[]; accuracy: number[] }) {
  const last = (values: number[]) => values.at(-1)?.toFixed(3) ?? "–";
  return (
    <figure style={{ margin: 0 }}>
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Training: loss ends at ${last(loss)}, accuracy at ${last(accuracy)}`}>
        <path d={`M0 ${HEIGHT - 1}H${WIDTH}`} stroke="var(--line)" />
        <path d={line(loss, Math.max(...loss, 1e-9))} fill="none" stroke="var(--bad)" stroke-width="2" />
        <path d={line(accuracy, 1)} fill="none" stroke="var(--good)" stroke-width="2" />
      </svg>
      <figcaption class="quiet"><span style={{ color: "var(--bad)" }}>loss {last(loss)}</span> · <span style={{ color: "var(--good)" }}>accuracy {last(accuracy)}</span></figcaption>
    </figure>
  );
}

function line(values: number[], largest: number): string {
  const points = values.map((value, i) => {
    const x = (i * WIDTH) / Math.max(1, values.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - 2 - (value / largest) * (HEIGHT - 6)).toFixed(1)}`;
  });
  return points.length ? `M${points.join("L")}` : "";
}
