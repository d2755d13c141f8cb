import { describe, expect, it } from "vitest";
import { keyAction } from "./keys";

const press = (key: string, more = {}) =>
  keyAction({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

describe("keys", () => {
  it("name segments", () => expect(press("3")).toEqual({ do: "label", number: 3 }));
  it("undo and redo on every system", () => {
    expect(press("z", { ctrlKey: true })).toEqual({ do: "undo" });
    expect(press("Z", { metaKey: true, shiftKey: true })).toEqual({ do: "redo" });
    expect(press("y", { ctrlKey: true })).toEqual({ do: "redo" });
  });
  it("leave the browser its own", () => {
    expect(press("r", { ctrlKey: true })).toBeNull();
    expect(press("Tab")).toBeNull();
    expect(press("F5")).toBeNull();
  });
});
