import { describe, expect, it } from "vitest";
import { Ring } from "./ring";

describe("ring", () => {
  it("keeps the newest samples", () => {
    const ring = new Ring(1, 4);
    ring.add(0, [[1, 2, 3]]);
    ring.add(3, [[4, 5, 6]]);
    expect([0, 1, 2, 3].map((age) => ring.at(0, age))).toEqual([6, 5, 4, 3]);
  });
  it("shows what is missing as a gap", () => {
    const ring = new Ring(1, 8);
    ring.add(0, [[1, 2]]);
    ring.add(4, [[5]]);
    expect([0, 1, 2, 3, 4].map((age) => ring.at(0, age))).toEqual([5, 0, 0, 2, 1]);
  });
});
