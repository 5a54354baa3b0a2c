// Colours for HoVer maps and classes.

/** sRGB, 0…255 each. */
export type Color = readonly [red: number, green: number, blue: number];

/** Blue for −1, near-white for 0, red for 1; readable without telling red from green (ColorBrewer's RdBu). */
const stops: readonly Color[] = [
  [5, 48, 97],
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
  [103, 0, 31],
];

/** Colour of `value`, −1…1, on a scale that diverges from 0; what lies beyond takes the colour of the end. */
export function divergingColor(value: number): Color {
  const position = ((Math.min(1, Math.max(-1, value)) + 1) / 2) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  return mixColors(stops[index]!, stops[index + 1]!, position - index);
}

/** `share` of `second`, the rest of `first`, rounded. */
export function mixColors(first: Color, second: Color, share: number): Color {
  const mix = (channel: 0 | 1 | 2) => Math.round(first[channel] + share * (second[channel] - first[channel]));
  return [mix(0), mix(1), mix(2)];
}
