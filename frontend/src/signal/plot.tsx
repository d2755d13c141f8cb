import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { channelInk, onScheme, resolved } from "../colours";
import { outline, type Channel, type View } from "./columns";
import { paintColumns, sparsePath } from "./columns_paint";
import type { Range } from "./use_view";

/** What a plot keeps free left and right of the signal, so that a pointer can be told its time. */
export const AXIS_PX = 52;
export const RIGHT_PX = 8;

export type Overlay = (context: CanvasRenderingContext2D, plot: uPlot) => void;

interface Props {
  view: View;
  channels: Channel[];
  /** Which of the view's channels are drawn. */
  shown: number[];
  range: Range;
  rateHz: number;
  width: number;
  height: number;
  title: string;
  overlay?: Overlay;
}

/** Channels of one unit over time. */
export function SignalPlot({ view, channels, shown, range, rateHz, width, height, title, overlay }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = useRef<Overlay | undefined>(overlay);
  drawn.current = overlay;

  useEffect(() => {
    if (!element.current || width === 0) return;
    const made = new uPlot(options(channels, shown, rateHz, width, height, drawn), [[], ...shown.map(() => [])], element.current);
    plot.current = made;
    const stop = onScheme(() => made.redraw(false));
    return () => {
      stop();
      plot.current = null;
      made.destroy();
    };
  }, [channels.map((channel) => channel.name).join(), shown.join(), rateHz, width, height]);

  useEffect(() => {
    plot.current?.setData(data(view, channels, shown), false);
  }, [view, width, height, shown.join()]);

  useEffect(() => {
    plot.current?.setScale("x", { min: range.start, max: range.stop });
  }, [view, range.start, range.stop, width, height, overlay, shown.join()]);

  return <div ref={element} role="img" aria-label={title} style={{ height: `${height}px` }} />;
}

function data(view: View, channels: Channel[], shown: number[]): uPlot.AlignedData {
  const lines = shown.map((channel) => outline(view, channel));
  const x = lines[0]?.x ?? new Float64Array();
  lines.forEach(({ y }, i) => {
    const perUnit = channels[shown[i]!]!.counts_per_unit;
    for (let k = 0; k < y.length; k++) y[k]! /= perUnit;
  });
  return [x, ...lines.map((line) => line.y)];
}

function options(
  channels: Channel[],
  shown: number[],
  rateHz: number,
  width: number,
  height: number,
  overlay: { current: Overlay | undefined },
): uPlot.Options {
  const ink = () => resolved("--quiet");
  const grid = { stroke: () => resolved("--line"), width: 1 };
  return {
    width,
    height,
    padding: [8, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, low, high) => padded(low, high) } },
    axes: [
      { stroke: ink, grid, ticks: grid, size: 28, values: (_, ticks) => ticks.map((tick) => seconds(tick / rateHz)) },
      { stroke: ink, grid, ticks: grid, size: AXIS_PX, values: (_, ticks) => ticks.map(String) },
    ],
    series: [
      {},
      ...shown.map((channel) => ({
        label: channels[channel]!.name,
        stroke: () => channelInk(channel),
        width: 1,
        points: { show: false },
        paths: sparsePath,
      })),
    ],
    hooks: {
      drawSeries: [(self: uPlot, series: number) => paintColumns(self, series, channelInk(shown[series - 1]!))],
      draw: [(self: uPlot) => overlay.current?.(self.ctx, self)],
    },
  };
}

function padded(low: number, high: number): [number, number] {
  const margin = Math.max((high - low) * 0.06, 1e-3);
  return [low - margin, high + margin];
}

/** 5 → "5", 65.5 → "1:05.5" */
export function seconds(value: number): string {
  if (Math.abs(value) < 60) return String(Number(value.toFixed(3)));
  const minutes = Math.floor(value / 60);
  const rest = Number((value - 60 * minutes).toFixed(2));
  return `${minutes}:${rest < 10 ? "0" : ""}${rest}`;
}
