import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export type Options = Record<string, string | number | boolean>;

const FORMATS = ["imu-csv", "edge-impulse", "sensiml", "ts", "createai", "strokes", "magic-wand", "uci-har", "arduino", "nordic", "csv"];
const NUMBERS = ["rate_hz", "resample_hz", "counts_per_g", "counts_per_dps"];
const YES_NO: Record<string, [string, string]> = { gravity: ["--gravity", "--no-gravity"], continuous: ["--continuous", "--separate"] };
const TICKS = ["not_reviewed", "accept_faults"];

/** Options that a job of `tinygest import` was started with, by their names here. */
export function optionsOf(words: string[]): Options {
  const said: Options = {};
  for (const word of words) {
    const [option = "", ...rest] = word.split("=");
    const name = option.replace(/^--/, "").replaceAll("-", "_");
    if (rest.length) said[name] = rest.join("=");
    else if (TICKS.includes(name)) said[name] = true;
    for (const [field, [yes, no]] of Object.entries(YES_NO)) if (word === yes || word === no) said[field] = word === yes;
  }
  return said;
}

function optionsFrom(form: HTMLFormElement): Options {
  const options: Options = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value === "") continue;
    if (NUMBERS.includes(name)) options[name] = Number(value);
    else if (name in YES_NO) options[name] = value === "yes";
    else options[name] = TICKS.includes(name) ? true : value;
  }
  return options;
}

interface Props {
  said: Options;
  busy: boolean;
  look: (options: Options) => void;
  take: (options: Options) => void;
  forget: () => void;
}

/** What the data may not say themselves. */
export function ImportOptions({ said, busy, look, take, forget }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const text = (name: string, label: string, more: object = {}) => (
    <label class="field">{label}<input name={name} size={8} defaultValue={String(said[name] ?? "")} {...more} /></label>
  );
  const number = (name: string, label: string) => text(name, label, { type: "number", min: "0", step: "any" });
  const select = (name: string, label: string, options: ComponentChildren) => (
    <label class="field">{label}<select name={name} defaultValue={String(said[name] ?? "")}><option value="">as the data say</option>{options}</select></label>
  );
  const yesNo = (name: string, label: string, yes: string, no: string) => (
    <label class="field">
      {label}
      <select name={name} defaultValue={said[name] === undefined ? "" : said[name] ? "yes" : "no"}>
        <option value="">as the data say</option><option value="yes">{yes}</option><option value="no">{no}</option>
      </select>
    </label>
  );
  const tick = (name: string, label: string) => <label class="tick"><input type="checkbox" name={name} defaultChecked={said[name] === true} /> {label}</label>;
  const units = (names: string[]) => names.map((name) => <option key={name}>{name}</option>);
  return (
    <form
      ref={form} aria-label="How to import"
      onSubmit={(event) => {
        event.preventDefault();
        take(optionsFrom(event.currentTarget));
      }}
    >
      <div class="row">
        {select("format", "format", units(FORMATS))}
        {number("rate_hz", "rate in Hz")}
        {select("accel_unit", "acceleration in", units(["g", "mg", "m/s^2", "counts"]))}
        {select("gyro_unit", "rotation in", units(["deg/s", "mdps", "rad/s", "counts"]))}
        {yesNo("gravity", "acceleration", "holds gravity", "without gravity")}
        {yesNo("continuous", "time", "one stretch", "separate captures")}
        {text("subject", "subject")}
        {text("side", "side")}
        {text("label", "label")}
        {text("prefix", "prefix of names")}
      </div>
      <details>
        <summary>More</summary>
        <div class="row">
          {text("map", "channels and columns", { placeholder: "ax=accel_x,ay=…", size: 24 })}
          {text("time_column", "time column")}
          {select("time_unit", "time in", units(["s", "ms", "us", "ns"]))}
          {text("label_column", "label column")}
          {text("subject_column", "subject column")}
          {number("counts_per_g", "counts a g")}
          {number("counts_per_dps", "counts a degree/s")}
          {number("resample_hz", "bring to Hz")}
          {text("session", "session")}
          {text("frame", "axis frame")}
          {tick("not_reviewed", "time without a label may hold events")}
          {tick("accept_faults", "take faulty channels too")}
        </div>
      </details>
      <div class="row">
        <button class="primary" disabled={busy}>Import</button>
        <button type="button" disabled={busy} onClick={() => form.current && look(optionsFrom(form.current))}>Look again</button>
        <button type="button" onClick={forget}>Forget these files</button>
      </div>
    </form>
  );
}
