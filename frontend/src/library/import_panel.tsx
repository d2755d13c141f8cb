import { useCallback, useEffect, useState } from "preact/hooks";
import { json, type Job } from "../api";
import { JobStatus } from "../jobs/job_status";
import { useJob } from "../jobs/use_job";
import { Problem } from "../parts/problem";
import { address, go, type Route } from "../route";
import { ImportOptions, optionsOf } from "./import_options";
import { ImportPreview, ImportResult, type Imported, type Preview } from "./import_result";

const MAX_FILE_BYTES = 64 << 20;

/** Files from this machine into the project: look first, say what is missing, then import. */
export function ImportPanel({ route, imported }: { route: Route; imported: () => void }) {
  const upload = route.query.get("upload");
  const keep = useCallback((job: string) => go(address("library", [], { upload: upload ?? "", import: job }), true), [upload]);
  const { job, problem, start, cancel } = useJob(route.query.get("import"), keep);
  const [sent, setSent] = useState("");
  const [failure, setFailure] = useState<Error | null>(null);
  const isDry = job?.arguments.includes("--dry-run") ?? true;
  const isIn = job?.state === "done" && !isDry;

  useEffect(() => {
    if (isIn) imported();
  }, [isIn, job?.id]);

  const send = async (files: FileList | null) => {
    if (!files?.length) return;
    setFailure(null);
    try {
      const id = await sendAll([...files], setSent);
      const made = await json<Job>("POST", "api/jobs", { kind: "import", upload: id, dry_run: true });
      go(address("library", [], { upload: id, import: made.id }), true);
    } catch (error) {
      setFailure(error as Error);
    }
    setSent("");
  };
  const done = () => {
    if (upload) void json("DELETE", `api/uploads/${upload}`).catch(() => undefined);
    go(address("library"), true);
  };
  const picked = (event: Event & { currentTarget: HTMLInputElement }) => void send(event.currentTarget.files);

  return (
    <details class="panel" open={upload !== null || undefined}>
      <summary>Import</summary>
      <div class="row">
        <label class="field">files<input type="file" multiple disabled={sent !== ""} onChange={picked} /></label>
        <label class="field">or a folder<input type="file" {...{ webkitdirectory: true }} disabled={sent !== ""} onChange={picked} /></label>
        <span role="status" class="quiet">{sent}</span>
      </div>
      <Problem error={problem ?? failure} />
      {upload && (
        <>
          <JobStatus job={job} cancel={cancel} />
          {job?.state === "done" && isDry && <ImportPreview preview={job.result as Preview} />}
          {isIn && <ImportResult result={job.result as Imported} />}
          {isIn ? <button onClick={done}>Well</button> : (
            <ImportOptions
              key={upload} said={optionsOf(job?.arguments ?? [])} busy={job?.state === "running"} forget={done}
              look={(options) => start({ kind: "import", upload, dry_run: true, ...options })}
              take={(options) => start({ kind: "import", upload, ...options })}
            />
          )}
        </>
      )}
    </details>
  );
}

/** One request a file; returns the upload's id. */
async function sendAll(files: File[], tell: (text: string) => void): Promise<string> {
  const tooLarge = files.find((file) => file.size > MAX_FILE_BYTES);
  if (tooLarge) throw new Error(`${tooLarge.name} is larger than ${MAX_FILE_BYTES >> 20} MiB; use \`tinygest import\` for it.`);
  const { id } = await json<{ id: string }>("POST", "api/uploads");
  for (const [i, file] of files.entries()) {
    tell(`${i + 1} of ${files.length} files`);
    const name = encodeURIComponent(file.webkitRelativePath || file.name);
    await json("POST", `api/uploads/${id}/files?name=${name}`, file);
  }
  return id;
}
