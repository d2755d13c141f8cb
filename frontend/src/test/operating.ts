// What thresholds give on the events of a test; the same sums as `tinygest.evaluate.thresholds`.

export interface TradeOff {
  /** Of the model that was tested. */
  thresholds: Record<string, number>;
  n_true: Record<string, number>;
  hours: number;
  /** [label, score, whether it is a false alarm] without thresholds. */
  events: [string, number, boolean][];
  curve: { thresholds: Record<string, number>; rate: { n: number; per_hour: number | null }; recall: number }[];
}

export interface Operating {
  n_alarms: number;
  /** Mean over labels of the share of true events that are found. */
  recall: number;
}

export function operating({ n_true, events }: TradeOff, thresholds: Record<string, number>): Operating {
  const kept = events.filter(([label, score]) => score >= (thresholds[label] ?? 0));
  const labels = Object.keys(n_true).filter((label) => n_true[label]! > 0);
  const share = (label: string) => kept.filter(([own, , isAlarm]) => own === label && !isAlarm).length / n_true[label]!;
  return {
    n_alarms: kept.filter(([, , isAlarm]) => isAlarm).length,
    recall: labels.length ? labels.reduce((sum, label) => sum + share(label), 0) / labels.length : 0,
  };
}

/** Every label that has events, true or found. */
export const labelsOf = ({ n_true, events }: TradeOff): string[] =>
  [...new Set([...Object.keys(n_true), ...events.map(([label]) => label)])].sort();

/** The point of the curve with these thresholds or the nearest number of false alarms. */
export function nearest({ curve }: TradeOff, nAlarms: number): number {
  let best = 0;
  curve.forEach((point, i) => {
    if (Math.abs(point.rate.n - nAlarms) < Math.abs(curve[best]!.rate.n - nAlarms)) best = i;
  });
  return best;
}
