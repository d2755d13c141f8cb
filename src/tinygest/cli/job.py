"""The process of one job (`workflow.jobs`): a verb, with its output and its end in the job's folder.

python -m tinygest.cli.job FOLDER PROJECT
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tinygest.cli import main
from tinygest.cli.options import PROGRESS_FILE
from tinygest.core.canonical import decode_json, pretty_json
from tinygest.store.atomic import write_atomic
from tinygest.workflow.jobs import JobEnd, JobRequest, job_lock


def run(folder: Path, project: Path) -> int:
    """Run the verb of `folder`/job.json in `project`; returns its exit status."""
    request = decode_json((folder / "job.json").read_bytes(), JobRequest, folder / "job.json")
    with job_lock(folder).held():
        (folder / "pid").write_text(str(os.getpid()))
        if (folder / "cancelled").exists():  # before there was a process to end
            return 1
        _redirect(1, folder / "result.json")
        _redirect(2, folder / "log.txt")
        os.environ[PROGRESS_FILE] = str(folder / "progress.json")
        sys.argv = ["tinygest", "-p", str(project), request.verb, *request.arguments, "--json"]
        began = time.monotonic()
        status = _run_verb()
        sys.stdout.flush()
        end = JobEnd(status, round(time.monotonic() - began, 3))
        write_atomic(folder / "finished.json", pretty_json(end))
    return status


def _run_verb() -> int:
    try:
        main()
    except SystemExit as exit_:
        if exit_.code is None or isinstance(exit_.code, int):
            return exit_.code or 0
        print(exit_.code, file=sys.stderr)
        return 1
    except Exception:
        import traceback

        traceback.print_exc()
        return 1
    return 0


def _redirect(descriptor: int, path: Path) -> None:
    """Also for libraries and compilers that write without asking Python."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(handle, descriptor)
    os.close(handle)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2])))
