// Labels of one recording, as the gateway has them: every edit is saved before it is shown as done.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, OfflineError, post, type Edit, type Labels } from "../api";

const CONFLICT = 409;
const AGAIN_MS = 1500;

export interface LabelEditor {
  labels: Labels | null;
  problem: Error | null;
  edit: (edit: Edit) => Promise<Labels | null>;
  undo: () => Promise<Labels | null>;
  redo: () => Promise<Labels | null>;
  reload: () => Promise<void>;
}

export function useLabels(id: string): LabelEditor {
  const [labels, setLabels] = useState<Labels | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  // Edits follow each other: each one names the version that the one before it made.
  const queue = useRef<Promise<Labels | null>>(Promise.resolve(null));
  const url = `api/recordings/${encodeURIComponent(id)}/labels`;

  const load = useCallback(async () => {
    const first = get<Labels>(url);
    queue.current = first.catch(() => null);
    try {
      setLabels(await first);
      setProblem(null);
    } catch (error) {
      setProblem(error as Error);
    }
  }, [url]);

  useEffect(() => {
    setLabels(null);
    void load();
  }, [load]);
  useEffect(() => {
    // What was sent while the gateway was away has not been done: what it has is shown when it is back.
    if (!(problem instanceof OfflineError)) return;
    const timer = setTimeout(load, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [problem, load]);

  const send = useCallback(
    (path: string, body: object): Promise<Labels | null> => {
      const next = queue.current.then(async (before) => {
        if (!before) return null;
        try {
          const after = await post<Labels>(url + path, { version: before.version, ...body });
          setLabels(after);
          setProblem(null);
          return after;
        } catch (error) {
          setProblem(error as Error);
          if (!(error instanceof ApiError && error.status === CONFLICT)) return before;
          const newest = await get<Labels>(url).catch(() => before); // another window was quicker
          setLabels(newest);
          return newest;
        }
      });
      queue.current = next;
      return next;
    },
    [url],
  );

  return {
    labels,
    problem,
    edit: useCallback((edit) => send("", { edit }), [send]),
    undo: useCallback(() => send("/undo", {}), [send]),
    redo: useCallback(() => send("/redo", {}), [send]),
    reload: load,
  };
}
