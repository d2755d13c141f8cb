import { useEffect, useState } from "preact/hooks";
import { bytes } from "../api";
import { channelColour } from "../colours";
import { decodeView, type View } from "./columns";

const WIDTH = 120;
const HEIGHT = 28;
const BINS = 60;

/** A small picture of a whole recording. */
export function Thumbnail({ id }: { id: string }) {
  const [view, setView] = useState<View | null>(null);
  useEffect(() => {
    let wanted = true;
    bytes("GET", `api/recordings/${encodeURIComponent(id)}/signal?bins=${BINS}`).then(
      (buffer) => wanted && setView(decodeView(buffer)),
      () => undefined, // the row says what is wrong; a picture may be missing
    );
    return () => {
      wanted = false;
    };
  }, [id]);
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {view?.low.map((_, channel) => (
        <path key={channel} d={envelope(view, channel)} fill={channelColour(channel)} fill-opacity="0.55" />
      ))}
    </svg>
  );
}

/** The outline between smallest and largest values, each channel scaled to its own range. */
function envelope(view: View, channel: number): string {
  const low = Array.from(view.low[channel]!);
  const high = Array.from(view.high[channel]!);
  const bottom = Math.min(...low);
  const range = Math.max(...high) - bottom || 1;
  const point = (value: number, i: number) =>
    `${((i * WIDTH) / Math.max(1, low.length - 1)).toFixed(1)},${(HEIGHT - ((value - bottom) / range) * HEIGHT).toFixed(1)}`;
  const there = high.map(point);
  const back = low.map(point).reverse();
  return `M${[...there, ...back].join("L")}Z`;
}
