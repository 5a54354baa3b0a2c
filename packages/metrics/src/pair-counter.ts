// Counts pairs of ids in an open-addressing hash table over typed arrays.

/** How often each pair of non-negative 32-bit ids was added. */
export class PairCounter {
  /** First id of each distinct pair, in order of first appearance; valid up to {@link size}. */
  first = new Int32Array(512);
  second = new Int32Array(512);
  counts = new Int32Array(512);
  size = 0;
  /** Index of a pair plus one, or 0 where the slot is free; twice as many slots as pairs fit. */
  private slots = new Int32Array(1024);

  /** Adds `count` to the pair, in constant expected time. */
  add(first: number, second: number, count: number): void {
    const slot = this.findSlot(first, second);
    let entry = this.slots[slot]! - 1;
    if (entry < 0) {
      entry = this.size++;
      this.first[entry] = first;
      this.second[entry] = second;
      this.slots[slot] = entry + 1;
      if (this.size === this.first.length) this.grow();
    }
    this.counts[entry]! += count;
  }

  private findSlot(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const entry = this.slots[slot]! - 1;
      if (entry < 0 || (this.first[entry] === first && this.second[entry] === second)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    this.first = enlarge(this.first);
    this.second = enlarge(this.second);
    this.counts = enlarge(this.counts);
    this.slots = new Int32Array(this.slots.length * 2);
    for (let entry = 0; entry < this.size; entry++) {
      this.slots[this.findSlot(this.first[entry]!, this.second[entry]!)] = entry + 1;
    }
  }
}

function enlarge(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
