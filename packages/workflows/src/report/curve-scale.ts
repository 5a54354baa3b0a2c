// Axes of a curve: ranges, ticks at round numbers, linear or logarithmic.

/** Maps values to pixels and names the values that get a tick. */
export interface AxisScale {
  readonly ticks: readonly number[];
  /** Position of `value` in pixels. */
  place(value: number): number;
}

/** Pixels where the axis starts and ends; the end is the smaller one on a vertical axis. */
export type PixelRange = readonly [startPx: number, endPx: number];

/** Ticks at 1, 2 or 5 times a power of ten, about `tickCount` of them. */
export function createLinearScale(values: readonly number[], range: PixelRange, tickCount: number): AxisScale {
  let [low, high] = extent(values);
  if (low === high) [low, high] = [low - 1, high + 1];
  const step = roundStep((high - low) / tickCount);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { ticks, place: placeBetween(first * step, last * step, range) };
}

/** Ticks at powers of ten, and at 2 and 5 times them where the values span fewer than two. Values must be > 0. */
export function createLogScale(values: readonly number[], range: PixelRange): AxisScale {
  const [low, high] = extent(values).map(Math.log10) as [number, number];
  const factors = high - low < 2 ? [1, 2, 5] : [1];
  const candidates: number[] = [];
  for (let exponent = Math.floor(low) - 1; exponent <= Math.ceil(high) + 1; exponent++)
    for (const factor of factors) candidates.push(Number(`${factor}e${exponent}`));
  const below = candidates.filter((tick) => Math.log10(tick) <= low + 1e-9).at(-1)!;
  const above = candidates.find((tick) => Math.log10(tick) >= high - 1e-9 && tick > below)!;
  const place = placeBetween(Math.log10(below), Math.log10(above), range);
  return {
    ticks: candidates.filter((tick) => tick >= below && tick <= above),
    place: (value) => place(Math.log10(value)),
  };
}

/** A tick's label: plain from 0.001 to 99,999, scientific beyond. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential().replace('e+', 'e') : String(value);
}

function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? [0, 1] : [low, high];
}

function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * (1 - 1e-9))!;
  return factor * power;
}

function placeBetween(low: number, high: number, [startPx, endPx]: PixelRange): (value: number) => number {
  return (value) => startPx + ((value - low) / (high - low)) * (endPx - startPx);
}
