// Calls of the gateway. Types mirror src/tinygest/web/routes.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** The gateway did not answer at all. */
export class OfflineError extends Error {
  constructor() {
    super("The gateway does not answer. Is `tinygest gateway` still running?");
  }
}

export interface Project {
  name: string;
  version: string;
  labels: string[];
  fields: string[];
  rate_hz: number;
  n_recordings: number;
}

export interface RecordingRow {
  id: string;
  subject: string;
  side: string;
  session: string;
  default_label: string;
  rate_hz: number;
  duration_s: number;
  n_samples: number;
  n_segments: number;
  labels: Record<string, number>;
  reviewed_s: number;
  n_gaps: number;
  n_clipped: number;
  notes: string;
  fields: Record<string, string>;
  deleted: boolean;
}

export interface Segment {
  start: number;
  stop: number;
  label: string | null;
  source: "person" | "segmenter" | "import";
}

export interface Labels {
  version: string;
  segments: Segment[];
  reviewed: [number, number][];
  undo: string | null;
  redo: string | null;
}

export type Edit =
  | { kind: "add"; start: number; stop: number; label: string | null }
  | { kind: "assign"; segments: number[]; label: string | null }
  | { kind: "move"; segment: number; start?: number; stop?: number }
  | { kind: "split"; segment: number; at: number }
  | { kind: "merge"; segments: number[]; label?: string }
  | { kind: "delete"; segments: number[] }
  | { kind: "review" | "unreview"; start: number; stop: number };

export interface SegmenterSettings {
  kind?: string;
  settings: Record<string, number | number[]>;
}

export interface Detection {
  kind: string;
  activity: Record<string, unknown>;
  segmenter: Record<string, unknown>;
  spans: [number, number][];
}

export interface ModelName {
  name: string;
  revisions: number[];
}

/** "name/revision" of every model, newest revisions first. */
export const modelNames = (models: ModelName[] | null): string[] =>
  (models ?? []).flatMap((model) => model.revisions.map((revision) => `${model.name}/${revision}`)).reverse();

export interface Job {
  id: string;
  verb: string;
  arguments: string[];
  created: string;
  state: "running" | "done" | "failed" | "cancelled" | "lost";
  progress: { what: string; done: number; total: number };
  seconds: number | null;
  result: unknown;
  message: string;
}

const early = new Map<string, Promise<Response>>();

/** Ask for something before anybody needs it; the first `get` of it takes this answer. */
export function ahead(path: string): void {
  const asked = fetch(path);
  asked.catch(() => early.delete(path)); // whoever needs it asks again, and tells
  early.set(path, asked);
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method };
  if (body instanceof Blob) {
    init.body = body;
    init.headers = { "content-type": "application/octet-stream" };
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await (takeEarly(method, path) ?? fetch(path, init));
  } catch {
    throw new OfflineError();
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new ApiError(response.status, answer.error ?? `${response.status} ${response.statusText}`);
  }
  return response;
}

function takeEarly(method: string, path: string): Promise<Response> | undefined {
  const asked = method === "GET" ? early.get(path) : undefined;
  early.delete(path);
  return asked;
}

export async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await call(method, path, body)).json();
}

export async function bytes(method: string, path: string, body?: unknown): Promise<ArrayBuffer> {
  return (await call(method, path, body)).arrayBuffer();
}

export const get = <T>(path: string): Promise<T> => json<T>("GET", path);
export const post = <T>(path: string, body: unknown): Promise<T> => json<T>("POST", path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => json<T>("PATCH", path, body);
