// The last samples of one board, for a plot that scrolls.

export class Ring {
  readonly columns: Int16Array[];
  /** Index of the sample after the last one, of the session's time line. */
  next = 0;

  constructor(
    nChannels: number,
    readonly capacity: number,
  ) {
    this.columns = Array.from({ length: nChannels }, () => new Int16Array(capacity));
  }

  /** Samples that begin at `first`; what is missing before stays as a gap of zeros. */
  add(first: number, columns: ArrayLike<number>[]): void {
    const n = columns[0]?.length ?? 0;
    const gap = Math.min(this.capacity, Math.max(0, first - this.next));
    this.columns.forEach((column, channel) => {
      for (let i = 0; i < gap; i++) column[(this.next + i) % this.capacity] = 0;
      for (let i = 0; i < n; i++) column[(first + i) % this.capacity] = columns[channel]?.[i] ?? 0;
    });
    this.next = first + n;
  }

  /** The newest samples of a channel into `out`, oldest first, each divided by `counts`. */
  copy(channel: number, out: Float64Array, counts: number): void {
    const column = this.columns[channel]!;
    const first = this.next - out.length;
    for (let i = 0; i < out.length; i++) {
      const index = first + i;
      out[i] = index < 0 ? 0 : column[index % this.capacity]! / counts;
    }
  }
}
