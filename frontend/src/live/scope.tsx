import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { channelInk, resolved } from "../colours";
import { paintColumns, sparsePath } from "../signal/columns_paint";
import { useWidth } from "../state";
import { Ring } from "./ring";
import { listenToSamples } from "./use_live";

const SECONDS = 8;
const HEIGHT = 150;
const AXIS_PX = 48;
/** Counts a unit of our boards: 2048 a g, 16.384 a degree/s. */
const GROUPS = [
  { unit: "g", channels: [0, 1, 2], counts: 2048, range: 4 },
  { unit: "deg/s", channels: [3, 4, 5], counts: 16.384, range: 500 },
];

interface Props {
  address: string;
  name: string;
  nChannels: number;
  rateHz: number;
}

/** A board's signal as it comes, newest at the right. */
export function Scope({ address, name, nChannels, rateHz }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  useEffect(() => {
    if (!box.current || width === 0 || nChannels === 0) return;
    const n = Math.ceil(SECONDS * rateHz);
    const ring = new Ring(nChannels, n);
    const groups = GROUPS.filter((group) => group.channels.every((channel) => channel < nChannels));
    const plots = groups.map((group) => new uPlot(options(group, width), [[], ...group.channels.map(() => [])], box.current!));
    const x = Float64Array.from({ length: n }, (_, i) => (i - n + 1) / rateHz);
    const lines = groups.map((group) => group.channels.map(() => new Float64Array(n)));
    let fresh = false;
    const stop = listenToSamples((samples) => {
      if (samples.address !== address) return;
      ring.add(samples.header.start, samples.columns);
      fresh = true;
    });
    let frame = requestAnimationFrame(function draw() {
      if (fresh) {
        groups.forEach((group, i) => {
          group.channels.forEach((channel, k) => ring.copy(channel, lines[i]![k]!, group.counts));
          plots[i]!.setData([x, ...lines[i]!]);
        });
      }
      fresh = false;
      frame = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      for (const plot of plots) plot.destroy();
    };
  }, [address, nChannels, Math.round(rateHz), width]);
  return <div ref={box} role="img" aria-label={`Live signal of ${name}`} style={{ minHeight: `${HEIGHT}px` }} />;
}

type Group = (typeof GROUPS)[number];

function options(group: Group, width: number): uPlot.Options {
  const ink = () => resolved("--quiet");
  const grid = { stroke: () => resolved("--line"), width: 1 };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(low, -group.range), Math.max(high, group.range)] } },
    axes: [
      { stroke: ink, grid, ticks: grid, size: 26 },
      { stroke: ink, grid, ticks: grid, size: AXIS_PX, label: group.unit, labelSize: 16, labelGap: 0, labelFont: "12px system-ui, sans-serif", values: (_, ticks) => ticks.map((tick) => `${tick}`) },
    ],
    series: [{}, ...group.channels.map((channel) => ({ stroke: () => channelInk(channel), width: 1, points: { show: false }, paths: sparsePath }))],
    hooks: { drawSeries: [(self: uPlot, series: number) => paintColumns(self, series, channelInk(group.channels[series - 1]!))] },
  };
}
