import { describe, expect, it } from "vitest";
import { decodeView, outline } from "./columns";

function encoded(header: object, values: number[]): ArrayBuffer {
  let text = JSON.stringify(header);
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const buffer = new ArrayBuffer(4 + text.length + 2 * values.length);
  new DataView(buffer).setUint32(0, text.length, true);
  new Uint8Array(buffer, 4).set(new TextEncoder().encode(text));
  new Int16Array(buffer, 4 + text.length).set(values);
  return buffer;
}

describe("views", () => {
  it("are samples where a bin is one sample", () => {
    const view = decodeView(encoded({ start: 5, step: 1, n: 3, kind: "i16" }, [1, 2, 3, -4, -5, -6]));
    expect(view.low.map((column) => [...Array.from(column)])).toEqual([[1, 2, 3], [-4, -5, -6]]);
    expect(Array.from(outline(view, 1).x)).toEqual([5, 6, 7]);
  });

  it("are smallest and largest values of larger bins", () => {
    const view = decodeView(encoded({ start: 8, step: 4, n: 2, kind: "i16" }, [-1, -2, 1, 2]));
    expect(Array.from(view.low[0]!)).toEqual([-1, -2]);
    expect(Array.from(view.high[0]!)).toEqual([1, 2]);
    const line = outline(view, 0);
    expect(Array.from(line.x)).toEqual([8, 10, 12, 14]);
    expect(Array.from(line.y)).toEqual([-1, 1, -2, 2]);
  });
});
