// The part of a signal that a plot shows, with more on both sides so that panning does not wait.
import { useEffect, useRef, useState } from "preact/hooks";
import { bytes } from "../api";
import { decodeView, type View } from "./columns";

/** Of the visible length, asked for on both sides. */
const MARGIN = 1.5;
/** When less than this is left on a side, more is asked for. */
const RESERVE = 0.9;
const MAX_BINS = 8192;
const SETTLE_MS = 40;

export interface Range {
  start: number;
  stop: number;
}

/** The view of `range` at about one bin a pixel; the last one stays until the next is there.
 *
 * What comes in reserve is kept aside until it is needed: a plot is drawn once a step, not once more
 * when an answer comes that changes nothing that shows.
 */
export function useView(id: string, range: Range | null, width: number): { view: View | null; problem: Error | null } {
  const [view, setView] = useState<View | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const spare = useRef<View | null>(null);
  const start = range ? Math.floor(range.start) : 0;
  const stop = range ? Math.ceil(range.stop) : 0;
  const serves = (one: View | null, reserve = 0): boolean => {
    if (one === null) return false;
    return range ? covers(one, start, stop, width, reserve) : one.header.step === 1 || one.header.n >= width;
  };
  const servesNow = useRef(serves);
  servesNow.current = serves;
  const shown = !serves(view) && serves(spare.current) ? spare.current : view;

  useEffect(() => {
    spare.current = null;
    setView(null);
  }, [id]);
  useEffect(() => {
    if (shown !== view) setView(shown);
  }, [shown, view]);
  useEffect(() => {
    if (width === 0 || serves(view, RESERVE) || serves(spare.current, RESERVE)) return;
    let isOurs = true;
    const margin = range ? Math.round((stop - start) * MARGIN) : 0;
    const query = new URLSearchParams({ bins: String(Math.min(MAX_BINS, Math.round(width * (range ? 1 + 2 * MARGIN : 1)))) });
    if (range) {
      query.set("start", String(Math.max(0, start - margin)));
      const end = view?.header.n_samples ?? stop;
      query.set("stop", String(Math.min(Math.max(end, stop), stop + margin)));
    }
    const take = (fresh: View) => {
      if (!isOurs) return;
      spare.current = fresh;
      setProblem(null);
      setView((old) => (servesNow.current(old) ? old : fresh));
    };
    const timer = setTimeout(
      () =>
        bytes("GET", `api/recordings/${encodeURIComponent(id)}/signal?${query}`).then(
          (buffer) => take(decodeView(buffer)),
          (error: Error) => isOurs && setProblem(error),
        ),
      view ? SETTLE_MS : 0,
    );
    return () => {
      isOurs = false;
      clearTimeout(timer);
    };
  }, [id, start, stop, width, view === null]);
  return { view: shown, problem };
}

/** Whether a view still serves: it holds the range, with bins neither wider nor far narrower than a pixel.
 *
 * reserve: so much of the visible length must be there on both sides too.
 */
export function covers(view: View, start: number, stop: number, width: number, reserve = 0): boolean {
  const { header } = view;
  const end = header.start + header.n * header.step;
  const more = reserve * (stop - start);
  const wholeLeft = header.start <= start - more || header.start === 0;
  const wholeRight = end >= stop + more || end >= (header.n_samples ?? end);
  const perPixel = (stop - start) / width;
  const fine = header.step === 1 || header.step <= Math.max(1, perPixel);
  const coarse = header.step * 8 > perPixel;
  return wholeLeft && wholeRight && fine && coarse;
}
