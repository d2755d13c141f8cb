import { describe, expect, it } from "vitest";
import { termOf, withTerm } from "./where";

describe("terms of a choice", () => {
  it("are read", () => {
    expect(termOf("side=left subject=S1", "subject")).toBe("S1");
    expect(termOf('label="upper cut"', "label")).toBe("upper cut");
    expect(termOf("subject!=S1", "subject")).toBe("");
    expect(termOf("subject=S1,S2", "subject")).toBe("");
    expect(termOf("default_label=x", "label")).toBe("");
  });

  it("are put in, replaced and taken out; the rest stays", () => {
    expect(withTerm("", "label", "jab")).toBe("label=jab");
    expect(withTerm("side=left label=jab", "label", "upper cut")).toBe('side=left label="upper cut"');
    expect(withTerm("side=left label=jab subject!=S1", "label", "")).toBe("side=left subject!=S1");
  });
});
