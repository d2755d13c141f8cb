// The address says where you are: "#/label/r1?start=0&stop=500".
import { useEffect, useState } from "preact/hooks";

export interface Route {
  /** First part: the view. */
  view: string;
  /** The rest of the path. */
  parts: string[];
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...parts] = path.split("/").map(decodeURIComponent);
  return { view, parts, query: new URLSearchParams(query) };
}

export function address(view: string, parts: string[] = [], query: Record<string, string> = {}): string {
  const path = [view, ...parts].map(encodeURIComponent).join("/");
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${path}${text ? `?${text}` : ""}`;
}

/** Go somewhere; with `replace` the back button does not stop here. */
export function go(to: string, replace = false): void {
  if (replace) {
    history.replaceState(null, "", to);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = to;
  }
}

/** One word of the query becomes another; everything else of the address stays. "" takes it away. */
export function keep(name: string, value: string): void {
  const { view, parts, query } = parseRoute(location.hash);
  go(address(view, parts, { ...Object.fromEntries(query), [name]: value }), true);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}
