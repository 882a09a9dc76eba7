import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../../../tools/bench.js';

/** Wall time of one measurement, in ms, and how many make a figure. */
const SLICE = 400;
const RUNS = 3;

/** The median of a few measurements. */
export async function medianOf(measure: () => number | Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let run = 0; run < RUNS; run++) figures.push(await measure());
  return median(figures);
}

/** Does something over and over for a while; returns how often per second, by what `count` says. */
export function rate(step: () => void, count: () => number): number {
  const from = count();
  const start = performance.now();
  let now = start;
  while (now - start < SLICE) {
    step();
    now = performance.now();
  }
  return ((count() - from) * 1_000) / (now - start);
}

/** Lets something run by itself for a while; returns what `count` says per second. */
export async function rateOver(count: () => number): Promise<number> {
  const from = count();
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, SLICE));
  return ((count() - from) * 1_000) / (performance.now() - start);
}

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');

/** Bytes in use once garbage is collected. */
export function memoryInUse(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
