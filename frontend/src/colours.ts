// Colours that stay apart in light and dark and for most kinds of colour blindness (Okabe, Ito 2008).

const N_CHANNELS = 6; // --channel-0 and so on in style.css, lighter where it is dark
const LABELS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8a6bd1", "#7a8c00", "#c44e52"];

export const UNNAMED = "#888888";

/** Of a channel, for CSS and SVG. */
export const channelColour = (index: number): string => `var(--channel-${index % N_CHANNELS})`;

/** The value of a CSS colour as it is now: a canvas knows no variables. Reading styles is dear, so they are kept. */
export function resolved(name: string): string {
  let value = values.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    values.set(name, value);
  }
  return value;
}

export const channelInk = (index: number): string => resolved(`--channel-${index % N_CHANNELS}`);

const values = new Map<string, string>();
const listeners = new Set<() => void>();

/** Told when the page turns dark or light; returns what ends it. */
export function onScheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  values.clear();
  for (const listener of listeners) listener();
});

/** Of a label by its place among the project's labels. */
export function labelColour(label: string | null, labels: string[]): string {
  const index = label === null ? -1 : labels.indexOf(label);
  return index < 0 ? UNNAMED : LABELS[index % LABELS.length]!;
}
