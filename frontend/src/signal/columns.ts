// Numbers from the gateway as typed arrays; the format is described in src/tinygest/web/columns.py.

export interface Channel {
  name: string;
  unit: string;
  counts_per_unit: number;
}

export interface Header {
  start: number;
  step: number;
  n: number;
  kind: "i16" | "u16";
  n_samples?: number;
  rate_hz?: number;
  channels?: Channel[];
  gaps?: [number, number][];
}

export interface View {
  header: Header;
  /** Per channel the smallest value of each bin; with a step of 1 the samples. */
  low: ArrayLike<number>[];
  /** Per channel the largest value of each bin. */
  high: ArrayLike<number>[];
}

export function decodeView(buffer: ArrayBuffer): View {
  const length = new DataView(buffer).getUint32(0, true);
  const header: Header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const values = header.kind === "u16" ? new Uint16Array(buffer, 4 + length) : new Int16Array(buffer, 4 + length);
  const columns: ArrayLike<number>[] = [];
  for (let at = 0; at + header.n <= values.length; at += header.n) {
    columns.push(values.subarray(at, at + header.n));
  }
  if (header.step === 1) return { header, low: columns, high: columns };
  return {
    header,
    low: columns.filter((_, i) => i % 2 === 0),
    high: columns.filter((_, i) => i % 2 === 1),
  };
}

/** Times (in samples) and values of one channel as a line: down and up once in each bin. */
export function outline(view: View, channel: number): { x: Float64Array; y: Float64Array } {
  const { start, step, n } = view.header;
  const low = view.low[channel]!;
  const high = view.high[channel]!;
  const perBin = step === 1 ? 1 : 2;
  const x = new Float64Array(n * perBin);
  const y = new Float64Array(n * perBin);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < perBin; k++) {
      x[i * perBin + k] = start + (i + k / 2) * step;
      y[i * perBin + k] = k === 0 ? low[i]! : high[i]!;
    }
  }
  return { x, y };
}
