// The flooding of one region, in memory of its own that stays in the cache.

/** A pixel that no label has reached yet; 0 is outside. */
export const unlabelled = -1;

/** A box of a plane. */
export interface FloodGrid {
  /** Of the box with a frame of one pixel of 0 around it: labels of seeds, {@link unlabelled}, or 0. */
  readonly labels: Int32Array;
  /** The landscape of the box without the frame. */
  readonly values: Float64Array;
  /** Of a row with the frame. */
  readonly width: number;
}

/** Labels all pixels of `grid` that the seeds reach. Unreached ones cannot be: the region is connected and has a seed. */
export function floodRegion({ labels, values, width }: FloodGrid): void {
  const queue = new FloodQueue();
  const boxWidth = width - 2;

  // A pixel that leads nowhere is not queued: popping it would do nothing.
  const enqueue = (i: number): void => {
    const leadsOn =
      labels[i - 1] === unlabelled ||
      labels[i + 1] === unlabelled ||
      labels[i - width] === unlabelled ||
      labels[i + width] === unlabelled;
    if (!leadsOn) return;
    const y = (i / width) | 0;
    queue.push(values[(y - 1) * boxWidth + i - y * width - 1]!, i);
  };
  const spread = (label: number, i: number): void => {
    if (labels[i] !== unlabelled) return;
    labels[i] = label;
    enqueue(i);
  };

  for (let i = width; i < labels.length - width; i++) if (labels[i]! > 0) enqueue(i);
  while (queue.size > 0) {
    const i = queue.pop();
    const label = labels[i]!;
    spread(label, i - width);
    spread(label, i - 1);
    spread(label, i + 1);
    spread(label, i + width);
  }
}

/** Lowest value first, among equal values the one that came first: a binary heap in typed arrays that grow by doubling. */
class FloodQueue {
  private values = new Float64Array(1024);
  private ages = new Int32Array(1024);
  private pixels = new Int32Array(1024);
  private age = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  push(value: number, pixel: number): void {
    if (this.count === this.values.length) this.grow();
    const { values, ages, pixels } = this;
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // A newcomer is the youngest, so it passes only greater values.
      if (values[parent]! <= value) break;
      values[at] = values[parent]!;
      ages[at] = ages[parent]!;
      pixels[at] = pixels[parent]!;
      at = parent;
    }
    values[at] = value;
    ages[at] = this.age++;
    pixels[at] = pixel;
  }

  /** Removes the first pixel and returns it; −1 of an empty queue. */
  pop(): number {
    if (this.count === 0) return -1;
    const { values, ages, pixels } = this;
    const first = pixels[0]!;
    const last = --this.count;
    const value = values[last]!;
    const age = ages[last]!;
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      const right = child + 1;
      if (right < last && isBefore(values[right]!, ages[right]!, values[child]!, ages[child]!)) child = right;
      if (!isBefore(values[child]!, ages[child]!, value, age)) break;
      values[at] = values[child]!;
      ages[at] = ages[child]!;
      pixels[at] = pixels[child]!;
      at = child;
    }
    values[at] = value;
    ages[at] = age;
    pixels[at] = pixels[last]!;
    return first;
  }

  private grow(): void {
    const capacity = 2 * this.values.length;
    const values = new Float64Array(capacity);
    const ages = new Int32Array(capacity);
    const pixels = new Int32Array(capacity);
    values.set(this.values);
    ages.set(this.ages);
    pixels.set(this.pixels);
    this.values = values;
    this.ages = ages;
    this.pixels = pixels;
  }
}

function isBefore(value: number, age: number, otherValue: number, otherAge: number): boolean {
  return value < otherValue || (value === otherValue && age < otherAge);
}
