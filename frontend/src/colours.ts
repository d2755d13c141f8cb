// Colours that stay apart in light and dark and for most kinds of colour blindness (Okabe, Ito 2008).

const CHANNELS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const LABELS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#8a6bd1", "#7a8c00", "#c44e52"];

export const UNNAMED = "#888888";

export const channelColour = (index: number): string => CHANNELS[index % CHANNELS.length]!;

/** Of a label by its place among the project's labels. */
export function labelColour(label: string | null, labels: string[]): string {
  const index = label === null ? -1 : labels.indexOf(label);
  return index < 0 ? UNNAMED : LABELS[index % LABELS.length]!;
}
