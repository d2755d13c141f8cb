import { describe, expect, it } from "vitest";
import { labelsOf, nearest, operating, type TradeOff } from "./operating";

const some: TradeOff = {
  thresholds: {},
  n_true: { jab: 2, hook: 1 },
  hours: 0.5,
  events: [["jab", 200, false], ["jab", 100, false], ["hook", 90, false], ["jab", 120, true], ["other", 10, true]],
  curve: [
    { thresholds: {}, rate: { n: 2, per_hour: 4 }, recall: 1 },
    { thresholds: { other: 11 }, rate: { n: 1, per_hour: 2 }, recall: 1 },
    { thresholds: { other: 11, jab: 121 }, rate: { n: 0, per_hour: 0 }, recall: 0.75 },
  ],
};

describe("thresholds", () => {
  it("decide what is found and what is a false alarm", () => {
    expect(operating(some, {})).toEqual({ n_alarms: 2, recall: 1 });
    for (const point of some.curve) {
      expect(operating(some, point.thresholds)).toEqual({ n_alarms: point.rate.n, recall: point.recall });
    }
  });
  it("belong to labels", () => expect(labelsOf(some)).toEqual(["hook", "jab", "other"]));
  it("have a nearest point on the curve", () => expect(nearest(some, 0)).toBe(2));
});
