// Class of a nucleus from the classes of its pixels.

/** A class and the share of the pixels that have it. */
export interface TypeChoice {
  readonly type: number;
  readonly probability: number;
}

/**
 * The most frequent class other than background, the lowest of equally frequent ones; background (0) only where no other
 * occurs. The probability is count / (area + 1e-6), as in both references. `counts[class]`: pixels of each class.
 */
export function chooseType(counts: ArrayLike<number>): TypeChoice {
  let area = counts[0] ?? 0;
  let type = 0;
  let count = 0;
  for (let c = 1; c < counts.length; c++) {
    area += counts[c]!;
    if (counts[c]! > count) {
      count = counts[c]!;
      type = c;
    }
  }
  return { type, probability: (type === 0 ? area : count) / (area + 1e-6) };
}
