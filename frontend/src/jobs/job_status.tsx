import type { Job } from "../api";

/** What a job is doing, or how it ended. */
export function JobStatus({ job, cancel }: { job: Job | null; cancel: () => void }) {
  if (!job) return null;
  const { what, done, total } = job.progress;
  switch (job.state) {
    case "running":
      return (
        <div class="panel" role="status" aria-label={`${job.verb} is running`}>
          <div class="row">
            <span style={{ flex: 1 }}>{what || "starting"} {total > 0 && <span class="quiet">{done} of {total}</span>}</span>
            <button onClick={cancel}>Cancel</button>
          </div>
          <progress {...(total > 0 ? { value: done, max: total } : {})} aria-label="Progress" />
        </div>
      );
    case "done":
      return <p class="quiet" role="status">Done in {job.seconds?.toFixed(1)} s.</p>;
    case "cancelled":
      return <p role="status">Cancelled.</p>;
    case "lost":
      return <p class="problem" role="alert">The process of this job died without a word; start it again.</p>;
    case "failed":
      return <p class="problem" role="alert" style={{ whiteSpace: "pre-wrap" }}>{lastLines(job.message)}</p>;
  }
}

/** The sentence at the end; libraries may have chattered before it. */
function lastLines(message: string): string {
  const ours = message.split("\n").filter((line) => line.startsWith("tinygest: "));
  return ours.at(-1)?.replace("tinygest: ", "") ?? message.split("\n").slice(-5).join("\n");
}
