import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Makes the plot of the signal and that of the bytes, in the colours of the page. */
export function plotsIn(signal: HTMLElement, traffic: HTMLElement, height: number): readonly UPlot[] {
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);
  const axis = {
    stroke: () => colour('--text'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const options = (
    place: HTMLElement,
    series: UPlot.Series[],
    scale: UPlot.Scale,
    splits: Pick<UPlot.Axis, 'splits'> = {},
  ): UPlot.Options => ({
    width: place.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: scale },
    axes: [
      { ...axis, size: 24, values: (_, splits) => splits.map((at) => `${at} s`) },
      { ...axis, size: 44, ...splits },
    ],
    series: [{}, ...series],
  });
  const line = (name: string): UPlot.Series => ({
    stroke: () => colour(name),
    width: 2,
    points: { show: false },
    spanGaps: false,
  });
  return [
    new UPlot(
      options(signal, [line('--received')], { range: [-113, -51] }, { splits: [-110, -90, -70, -50] }),
      [[], []],
      signal,
    ),
    new UPlot(
      options(traffic, [line('--sent'), line('--received')], {
        range: (_, __, max) => [0, Math.max(1, max)],
      }),
      [[], [], []],
      traffic,
    ),
  ];
}
