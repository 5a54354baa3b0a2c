// Means of named values, each weighted by how many patches it is of.

/** Sums so far, as plain data. */
export interface WeightedSums {
  readonly sums: Readonly<Record<string, number>>;
  readonly weight: number;
}

export interface WeightedMeans {
  add(values: Readonly<Record<string, number>>, weight: number): void;
  values(): Record<string, number>;
  /** What {@link createMeans} resumes from. */
  state(): WeightedSums;
}

/** Means that continue from `start`. */
export function createMeans(start: WeightedSums = { sums: {}, weight: 0 }): WeightedMeans {
  const sums = { ...start.sums };
  let total = start.weight;
  return {
    add(values, weight) {
      for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value * weight;
      total += weight;
    },
    values: () => Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / total])),
    state: () => ({ sums: { ...sums }, weight: total }),
  };
}
