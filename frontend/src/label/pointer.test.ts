import { describe, expect, it } from "vitest";
import type { Segment } from "../api";
import { clampEdge, clampSpan, hit } from "./pointer";

const segments: Segment[] = [
  { start: 100, stop: 200, label: "a", source: "person" },
  { start: 250, stop: 300, label: "b", source: "person" },
];

describe("pointing", () => {
  it("finds edges before bodies", () => {
    expect(hit(segments, 102, 1)).toEqual({ kind: "edge", index: 0, side: "start" });
    expect(hit(segments, 150, 1)).toEqual({ kind: "segment", index: 0 });
    expect(hit(segments, 225, 1)).toBeNull();
  });
  it("takes the nearer of two edges", () => {
    expect(hit(segments, 235, 10)).toEqual({ kind: "edge", index: 1, side: "start" });
  });
});

describe("dragging", () => {
  it("keeps edges in order, apart and inside", () => {
    expect(clampEdge(segments, 1, "start", 150, 400)).toBe(200);
    expect(clampEdge(segments, 0, "stop", 50, 400)).toBe(101);
    expect(clampEdge(segments, 1, "stop", 999, 400)).toBe(400);
  });
  it("cuts new spans where segments are", () => {
    expect(clampSpan(segments, 220, 400, 400)).toEqual({ start: 220, stop: 250 });
    expect(clampSpan(segments, 220, 0, 400)).toEqual({ start: 200, stop: 220 });
    expect(clampSpan(segments, 150, 400, 400)).toBeNull();
  });
});
