// What each key does while labelling.

export type Action =
  | { do: "label"; number: number }
  | { do: "delete" | "merge" | "split" | "add" | "review" | "unreview" | "undo" | "redo" | "unlabelled" | "all" | "none" | "detect" }
  | { do: "next"; step: 1 | -1; extend: boolean }
  | { do: "nudge"; side: "start" | "stop"; by: number }
  | { do: "zoom"; factor: number }
  | { do: "pan"; share: number }
  | { do: "cursor"; by: number };

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** null: the key is not ours, and the browser keeps it. */
export function keyAction({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): Action | null {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (letter === "z") return { do: shiftKey ? "redo" : "undo" };
    if (letter === "y") return { do: "redo" };
    if (letter === "a") return { do: "all" };
    return null;
  }
  if (altKey) {
    if (key === "ArrowLeft") return { do: "nudge", side: shiftKey ? "stop" : "start", by: -1 };
    if (key === "ArrowRight") return { do: "nudge", side: shiftKey ? "stop" : "start", by: 1 };
    return null;
  }
  if (/^[0-9]$/.test(key)) return { do: "label", number: Number(key) };
  switch (key) {
    case "ArrowRight": return { do: "next", step: 1, extend: shiftKey };
    case "ArrowLeft": return { do: "next", step: -1, extend: shiftKey };
    case "PageDown": return { do: "pan", share: 0.8 };
    case "PageUp": return { do: "pan", share: -0.8 };
    case "ArrowUp": case "+": return { do: "zoom", factor: 0.5 };
    case "ArrowDown": case "-": return { do: "zoom", factor: 2 };
    case "Delete": case "Backspace": return { do: "delete" };
    case "Escape": return { do: "none" };
    case ",": return { do: "cursor", by: -1 };
    case ".": return { do: "cursor", by: 1 };
  }
  switch (letter) {
    case "n": return { do: "unlabelled" };
    case "m": return { do: "merge" };
    case "s": return { do: "split" };
    case "a": return { do: "add" };
    case "r": return { do: shiftKey ? "unreview" : "review" };
    case "d": return { do: "detect" };
    case "u": return { do: "undo" };
  }
  return null;
}

const HELP: [string, string][] = [
  ["← →", "segment before, after (Shift: choose several)"],
  ["1–9, 0", "name, take the name away"],
  ["N", "next without a label, also in other recordings"],
  ["X", "next that the model doubts"],
  ["↑ ↓, Page", "zoom, move on"],
  ["A, S, M, Del", "add at the cursor, split, merge, delete"],
  [", .", "cursor one sample back, on"],
  ["Alt ← →", "move the start (Shift: the end) by a sample"],
  ["R", "what is visible is reviewed (Shift: is not)"],
  ["Ctrl Z, Y", "undo, redo"],
  ["D", "detect segments"],
];

export function KeyHelp({ names }: { names: string[] }) {
  return (
    <details>
      <summary>Keys</summary>
      <ul class="row" style={{ listStyle: "none", padding: 0 }}>
        {HELP.map(([keys, what]) => <li key={keys}><kbd>{keys}</kbd> {what}</li>)}
        {names.slice(0, 9).map((name, i) => <li key={name}><kbd>{i + 1}</kbd> {name}</li>)}
      </ul>
    </details>
  );
}
