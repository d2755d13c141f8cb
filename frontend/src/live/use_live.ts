// The gateway's live data: status, samples, events, notices. One connection for the whole page.
import { useEffect, useState } from "preact/hooks";
import { decodeView, type Header } from "../signal/columns";

export interface BoardStatus {
  name: string;
  device: string;
  side: string;
  state: string;
  reason: string;
  rate_hz: number;
  n_samples: number;
  n_missing: number;
  n_repeated: number;
  n_late: number;
  n_links: number;
  rssi_dbm: number | null;
}

export interface ConnectedBoard {
  address: string;
  mode: "capture" | "recognise";
  /** Nominal; the status has the measured one. */
  rate_hz: number;
  channels: string[];
  model_id: string;
  labels: string[];
  /** A model that the gateway runs on this board's stream. */
  trial: { model: string; n_gateway: number; n_board: number; n_agree: number } | null;
  status: BoardStatus;
}

export interface RecordingState {
  phase: "idle" | "countdown" | "recording";
  number: number;
  repeat: number;
  seconds: number;
  label: string;
}

export interface Status {
  boards: ConnectedBoard[];
  recording: RecordingState;
  n_dropped: number;
}

export interface LiveEvent {
  address: string;
  by: "board" | "gateway";
  label: string;
  score: number | null;
  start: number | null;
  length: number | null;
  /** When it came, in the page's milliseconds. */
  at: number;
}

export interface Notice {
  text: string;
  is_problem: boolean;
  at: number;
}

export interface Samples {
  address: string;
  header: Header;
  columns: ArrayLike<number>[];
}

type Message =
  | ({ kind: "status" } & Status)
  | ({ kind: "event" } & Omit<LiveEvent, "at">)
  | { kind: "notice"; text: string; is_problem: boolean };

const RETRY_MS = 1000;
const KEPT = 50;

const samplesListeners = new Set<(samples: Samples) => void>();
const stateListeners = new Set<() => void>();

let status: Status | null = null;
let isOpen = false;
let events: LiveEvent[] = [];
let notices: Notice[] = [];
let socket: WebSocket | null = null;

function changed(): void {
  for (const listener of stateListeners) listener();
}

function connect(): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/api/live`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    isOpen = true;
    changed();
  };
  socket.onmessage = (message) => (typeof message.data === "string" ? takeText(message.data) : takeSamples(message.data));
  socket.onclose = () => {
    isOpen = false;
    status = null;
    changed();
    setTimeout(connect, RETRY_MS);
  };
}

function takeText(text: string): void {
  const message: Message = JSON.parse(text);
  const at = performance.now();
  if (message.kind === "status") status = message;
  else if (message.kind === "event") events = [...events, { ...message, at }].slice(-KEPT);
  else notices = [...notices, { ...message, at }].slice(-KEPT);
  changed();
}

function takeSamples(buffer: ArrayBuffer): void {
  const view = decodeView(buffer);
  const { address } = view.header as Header & { address: string };
  for (const listener of samplesListeners) listener({ address, header: view.header, columns: view.low });
}

export interface Live {
  isOpen: boolean;
  status: Status | null;
  events: LiveEvent[];
  notices: Notice[];
}

export function useLive(): Live {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!socket) connect();
    const listener = () => redraw((n) => n + 1);
    stateListeners.add(listener);
    return () => {
      stateListeners.delete(listener);
    };
  }, []);
  return { isOpen, status, events, notices };
}

export function listenToSamples(listener: (samples: Samples) => void): () => void {
  samplesListeners.add(listener);
  return () => samplesListeners.delete(listener);
}
