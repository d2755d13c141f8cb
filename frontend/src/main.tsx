import { render } from "preact";
import { ahead } from "./api";
import { App } from "./app";
import { parseRoute } from "./route";

// What every start needs, side by side instead of one after the other.
ahead("api/project");
const { view, parts } = parseRoute(location.hash);
if (view === "label") {
  ahead("api/recordings");
  if (parts[0]) {
    const recording = `api/recordings/${encodeURIComponent(parts[0])}`;
    ahead(`${recording}/labels`);
    ahead(`${recording}/signal?bins=1`); // is not shown, but read from the disk
  }
}

render(<App />, document.getElementById("app")!);
