// The part of a signal that a plot shows, with some more on both sides so that panning does not wait.
import { useEffect, useState } from "preact/hooks";
import { bytes } from "../api";
import { decodeView, type View } from "./columns";

const MARGIN = 0.5;
const MAX_BINS = 8192;
const SETTLE_MS = 40;

export interface Range {
  start: number;
  stop: number;
}

/** The view of `range` at about one bin a pixel; the last one stays until the next is there. */
export function useView(id: string, range: Range | null, width: number): { view: View | null; problem: Error | null } {
  const [view, setView] = useState<View | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const start = range ? Math.floor(range.start) : 0;
  const stop = range ? Math.ceil(range.stop) : 0;
  useEffect(() => setView(null), [id]);
  useEffect(() => {
    if (width === 0 || (view && covers(view, start, stop, width))) return;
    let wanted = true;
    const margin = range ? Math.round((stop - start) * MARGIN) : 0;
    const query = new URLSearchParams({ bins: String(Math.min(MAX_BINS, Math.round(width * (1 + 2 * MARGIN)))) });
    if (range) {
      query.set("start", String(Math.max(0, start - margin)));
      const end = view?.header.n_samples ?? stop;
      query.set("stop", String(Math.min(Math.max(end, stop), stop + margin)));
    }
    const timer = setTimeout(
      () =>
        bytes("GET", `api/recordings/${encodeURIComponent(id)}/signal?${query}`).then(
          (buffer) => {
            if (!wanted) return;
            setView(decodeView(buffer));
            setProblem(null);
          },
          (error: Error) => wanted && setProblem(error),
        ),
      view ? SETTLE_MS : 0,
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, start, stop, width, view]);
  return { view, problem };
}

/** Whether a view still serves: it holds the range, with bins neither wider nor far narrower than a pixel. */
export function covers(view: View, start: number, stop: number, width: number): boolean {
  const { header } = view;
  const end = header.start + header.n * header.step;
  const wholeLeft = header.start <= start || header.start === 0;
  const wholeRight = end >= stop || end >= (header.n_samples ?? end);
  const perPixel = (stop - start) / width;
  const fine = header.step === 1 || header.step <= Math.max(1, perPixel);
  const coarse = header.step * 8 > perPixel;
  return wholeLeft && wholeRight && fine && coarse;
}
