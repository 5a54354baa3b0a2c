// Views of a square window: the eight ways to turn and mirror it, and how what the network says of one is turned back.

/** Sets of views whose outputs are averaged: one; 4 by mirroring; 4 by quarter turns; the 8 of both. */
export const viewSets = ['none', 'flips', 'rotations', 'all'] as const;
export type ViewSet = (typeof viewSets)[number];

/** Pixel (x, y) of a view shows the window at (x, y), or at (y, x) if `transpose`, then counted from the far side by `flipX`, `flipY`. */
export interface View {
  readonly flipX: boolean;
  readonly flipY: boolean;
  readonly transpose: boolean;
}

const mirrors: readonly (readonly [flipX: boolean, flipY: boolean])[] = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

const allViews: readonly View[] = [false, true].flatMap((transpose) =>
  mirrors.map(([flipX, flipY]) => ({ flipX, flipY, transpose })),
);

/** The views of a set; the first is the window as it is. */
export function listViews(set: ViewSet): readonly View[] {
  switch (set) {
    case 'none':
      return allViews.slice(0, 1);
    case 'flips':
      return allViews.slice(0, 4);
    case 'rotations':
      // Two mirrorings make a rotation; a transposition is one.
      return allViews.filter(({ flipX, flipY, transpose }) => (flipX !== flipY) === transpose);
    case 'all':
      return allViews;
  }
}

/** Square planes, one after the other. */
export interface Planes {
  readonly values: Float32Array;
  readonly sidePx: number;
}

/** Writes the view of each of `planes` to `target`, which is as long. */
export function showView({ values, sidePx }: Planes, view: View, target: Float32Array): void {
  visitPixels(sidePx, view, (window, shown) => {
    for (let plane = 0; plane < values.length; plane += sidePx * sidePx)
      target[plane + shown] = values[plane + window]!;
  });
}

/** Adds what a view shows in `planes` to `sums`, pixels where they belong in the window. */
export function addScalars(sums: Float32Array, { values, sidePx }: Planes, view: View): void {
  visitPixels(sidePx, view, (window, shown) => {
    for (let plane = 0; plane < values.length; plane += sidePx * sidePx)
      sums[plane + window]! += values[plane + shown]!;
  });
}

/**
 * {@link addScalars} for pairs of planes that hold distances along x and along y, as HoVer maps: a mirrored axis changes its
 * sign, a transposed view has the two exchanged.
 */
export function addVectors(sums: Float32Array, { values, sidePx }: Planes, view: View): void {
  const area = sidePx * sidePx;
  const signX = view.flipX ? -1 : 1;
  const signY = view.flipY ? -1 : 1;
  const [alongX, alongY] = view.transpose ? [area, 0] : [0, area];
  visitPixels(sidePx, view, (window, shown) => {
    for (let pair = 0; pair < values.length; pair += 2 * area) {
      sums[pair + window]! += signX * values[pair + alongX + shown]!;
      sums[pair + area + window]! += signY * values[pair + alongY + shown]!;
    }
  });
}

/** Calls `visit` with the index of every pixel of the window and of where the view shows it. */
function visitPixels(
  sidePx: number,
  { flipX, flipY, transpose }: View,
  visit: (window: number, shown: number) => void,
): void {
  const last = sidePx - 1;
  for (let y = 0; y < sidePx; y++) {
    const v = flipY ? last - y : y;
    for (let x = 0; x < sidePx; x++) {
      const u = flipX ? last - x : x;
      visit(y * sidePx + x, transpose ? u * sidePx + v : v * sidePx + u);
    }
  }
}
