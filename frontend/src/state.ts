// Loading things from the gateway: data, the problem if there is one, and a way to load again.
import { useCallback, useEffect, useState } from "preact/hooks";
import { get, OfflineError } from "./api";

export interface Loaded<T> {
  data: T | null;
  problem: Error | null;
  reload: () => void;
}

const AGAIN_MS = 1500;

/** GET `path` now, and again whenever it changes. What is shown stays until something newer is there.
 * A gateway that does not answer is asked again until it does. */
export function useGet<T>(path: string, everyMs = 0): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    let again: ReturnType<typeof setTimeout> | undefined;
    get<T>(path).then(
      (value) => {
        if (!wanted) return;
        setData(value);
        setProblem(null);
      },
      (error: Error) => {
        if (!wanted) return;
        setProblem(error);
        if (error instanceof OfflineError) again = setTimeout(() => setRound((n) => n + 1), AGAIN_MS);
      },
    );
    return () => {
      wanted = false;
      clearTimeout(again);
    };
  }, [path, round]);
  useEffect(() => {
    if (everyMs === 0) return;
    const timer = setInterval(() => setRound((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { data, problem, reload: useCallback(() => setRound((n) => n + 1), []) };
}

/** The width of an element in CSS pixels, as it changes. */
export function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver((entries) => setWidth(Math.floor(entries[0]!.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}
