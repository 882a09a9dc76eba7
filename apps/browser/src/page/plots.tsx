import { useEffect, useRef } from 'preact/hooks';
import type UPlot from 'uplot';
import type { Sample } from '../protocol.js';

const HEIGHT = 110;

interface Props {
  readonly samples: readonly Sample[];
}

/** Signal and bytes over time. The library comes after the first view. */
export function Plots({ samples }: Props) {
  const [signal, traffic] = [useRef<HTMLDivElement>(null), useRef<HTMLDivElement>(null)];
  const plots = useRef<readonly UPlot[]>([]);
  const latest = useRef(samples);
  latest.current = samples;
  useEffect(() => {
    let isGone = false;
    const observer = new ResizeObserver(([entry]) => {
      for (const plot of plots.current) {
        plot.setSize({ width: entry?.contentRect.width ?? 0, height: HEIGHT });
      }
    });
    void import('./uplot.js').then(({ plotsIn }) => {
      if (isGone || signal.current === null || traffic.current === null) return;
      plots.current = plotsIn(signal.current, traffic.current, HEIGHT);
      draw(plots.current, latest.current);
      observer.observe(signal.current);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      for (const plot of plots.current) plot.destroy();
    };
  }, []);
  useEffect(() => draw(plots.current, samples), [samples]);
  const last = samples.at(-1);
  const words = last?.rssi === undefined ? 'unknown' : `${-113 + 2 * last.rssi} dBm`;
  return (
    <div class="plots">
      <figure>
        <div
          ref={signal}
          role="img"
          aria-label={`Signal over time; now ${words}`}
          style={{ minHeight: `${HEIGHT}px` }}
        />
        <figcaption>Signal, dBm</figcaption>
      </figure>
      <figure>
        <div
          ref={traffic}
          role="img"
          aria-label="Bytes per second over time, sent and received"
          style={{ minHeight: `${HEIGHT}px` }}
        />
        <figcaption>
          Line, kB/s: <span class="sent">sent</span>, <span class="received">received</span>
        </figcaption>
      </figure>
    </div>
  );
}

function draw([signal, traffic]: readonly UPlot[], samples: readonly Sample[]): void {
  const times = samples.map(({ at }) => at);
  signal?.setData([times, samples.map(({ rssi }) => (rssi === undefined ? null : -113 + 2 * rssi))]);
  traffic?.setData([
    times,
    samples.map(({ sent }) => sent / 1_000),
    samples.map(({ received }) => received / 1_000),
  ]);
}
