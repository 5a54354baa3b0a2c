// Colours that tell neighbouring nuclei apart.
import type { Palette } from '@hovernet/files';

/** Golden ratio's share of the circle: hues of ids that follow each other are far apart. */
const hueStep = 0.618033988749895;
const colors = 255;

/** Black for background, and 255 bright colours. */
export const labelPalette: Palette = [
  [0, 0, 0],
  ...Array.from({ length: colors }, (_, index) => {
    const lightness = 0.55 + 0.1 * (index % 3);
    return hueToRgb((index * hueStep) % 1, lightness);
  }),
];

/** Index in {@link labelPalette} of each of `ids`: 0 for 0, else 1 + (id − 1) mod 255. */
export function indexLabelColors(ids: Int32Array): Uint8Array {
  const indices = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) if (ids[i] !== 0) indices[i] = 1 + ((ids[i]! - 1) % colors);
  return indices;
}

/** Full saturation; `hue` and `lightness` 0…1. */
function hueToRgb(hue: number, lightness: number): [number, number, number] {
  const reach = Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (offset + 12 * hue) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
