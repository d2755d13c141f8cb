import { describe, expect, it } from "vitest";
import { clampRange, panned, showing, zoomed } from "./range";

describe("ranges", () => {
  it("stay inside the recording", () => {
    expect(clampRange({ start: -50, stop: 50 }, 1000)).toEqual({ start: 0, stop: 100 });
    expect(clampRange({ start: 950, stop: 1050 }, 1000)).toEqual({ start: 900, stop: 1000 });
    expect(clampRange({ start: 0, stop: 5000 }, 1000)).toEqual({ start: 0, stop: 1000 });
  });
  it("keep what is under the pointer", () => {
    const range = zoomed({ start: 100, stop: 300 }, 0.5, 150, 1000);
    expect(range).toEqual({ start: 125, stop: 225 });
  });
  it("move by a share of what is visible", () => {
    expect(panned({ start: 100, stop: 300 }, 0.5, 1000)).toEqual({ start: 200, stop: 400 });
  });
  it("move only when they must", () => {
    const range = { start: 100, stop: 300 };
    expect(showing(range, 150, 200, 1000)).toBe(range);
    expect(showing(range, 500, 540, 1000)).toEqual({ start: 420, stop: 620 });
  });
});
