import { describe, expect, it } from "vitest";
import { Ring } from "./ring";

const newest = (ring: Ring, n: number): number[] => {
  const out = new Float64Array(n);
  ring.copy(0, out, 1);
  return [...out];
};

describe("ring", () => {
  it("keeps the newest samples", () => {
    const ring = new Ring(1, 4);
    ring.add(0, [[1, 2, 3]]);
    ring.add(3, [[4, 5, 6]]);
    expect(newest(ring, 4)).toEqual([3, 4, 5, 6]);
  });
  it("shows what is missing as a gap", () => {
    const ring = new Ring(1, 8);
    ring.add(0, [[1, 2]]);
    ring.add(4, [[5]]);
    expect(newest(ring, 6)).toEqual([0, 1, 2, 0, 0, 5]);
  });
});
