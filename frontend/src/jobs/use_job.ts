// One job of the gateway, watched until it ends.
import { useCallback, useEffect, useState } from "preact/hooks";
import { get, post, type Job } from "../api";

const EVERY_MS = 700;

export interface Watched {
  job: Job | null;
  problem: Error | null;
  start: (request: object) => void;
  cancel: () => void;
}

/** The job `id`; `started` is told the id of a new one, so that the address can keep it. */
export function useJob(id: string | null, started: (id: string) => void): Watched {
  const [job, setJob] = useState<Job | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);

  useEffect(() => {
    if (!id) return setJob(null);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const look = () =>
      get<Job>(`api/jobs/${encodeURIComponent(id)}`)
        .then((found) => {
          if (!wanted) return;
          setJob(found);
          setProblem(null);
          if (found.state === "running") timer = setTimeout(look, EVERY_MS);
        })
        .catch((error: Error) => {
          if (!wanted) return;
          setProblem(error);
          timer = setTimeout(look, 3 * EVERY_MS); // the gateway may come back
        });
    void look();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id]);

  const start = useCallback(
    (request: object) => {
      post<Job>("api/jobs", request).then((made) => {
        setProblem(null);
        started(made.id);
      }, setProblem);
    },
    [started],
  );
  const cancel = useCallback(() => {
    if (id) post<Job>(`api/jobs/${encodeURIComponent(id)}/cancel`, {}).then(setJob, setProblem);
  }, [id]);
  return { job: job?.id === id ? job : null, problem, start, cancel };
}
