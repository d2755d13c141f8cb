// What verbs print with --json, as far as the page shows it.
import type { TradeOff } from "../test/operating";

export interface Interval {
  low: number;
  high: number;
}

export interface LabelScore {
  n_true: number;
  n_found: number;
  f1?: number;
  precision?: number;
  recall?: number;
}

export type Confusion = Record<string, Record<string, number>>;

export interface SegmentScores {
  n: number;
  n_right: number;
  accuracy: number | null;
  interval: Interval | null;
  macro_f1: number | null;
  labels: Record<string, LabelScore>;
  confusion: Confusion;
}

export interface EventSummary {
  iou: number;
  macro_f1: number;
  interval: Interval | null;
  precision: number;
  recall: number;
  n_true: number;
  n_found: number;
  labels: Record<string, LabelScore>;
  confusion: Confusion;
  false_alarms: { n: number; hours: number; per_hour: number; low: number; high: number };
  delay: { n: number; median_s: number | null; p90_s: number | null };
}

export interface HeldOut extends SegmentScores {
  split: string;
  /** Missing in models that were trained before these were kept. */
  answers?: SegmentAnswer[];
}

export interface Metrics {
  family: string;
  n_parameters: number;
  tflite_bytes: number;
  train_s: number;
  examples: Record<string, number>;
  history: { loss: number[]; accuracy: number[] };
  on_held_out_segments: Record<string, HeldOut>;
  why_not_validated: string;
  /** Of a revision whose thresholds were chosen afterwards. */
  calibration?: object;
}

/** [recording, subject, start, stop, label, answer, score] */
export type SegmentAnswer = [string, string, number, number, string, string, number];
/** [start, stop, label, score, decided_at] */
export type FoundEvent = [number, number, string, number, number];

export interface RecordingTest {
  recording: string;
  subject: string;
  was_trained_on: boolean;
  events: EventSummary | null;
  segments: SegmentScores;
  found: FoundEvent[];
  answers: SegmentAnswer[];
}

export interface ModelTest {
  trade_off: TradeOff | null;
  model: string;
  runner: string;
  recordings: RecordingTest[];
  events: EventSummary | null;
  segments: SegmentScores;
  notes: string[];
}

export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`;

export const percentWith = (share: number | null, interval: Interval | null): string =>
  interval ? `${percent(share)} (${percent(interval.low)} to ${percent(interval.high)})` : percent(share);
