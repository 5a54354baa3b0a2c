import { scaleIntensity } from '@hovernet/transforms/internal';
import { createHoverMaps, createLabelMap, createRgbImage, createTypeMap } from '@hovernet/core';
import { computeHoverMaps } from '@hovernet/transforms';
import { describe, expect, it } from 'vitest';
import { divergingColor, mixColors } from '../../src/sheet/color-maps.js';
import { createPalette, drawHover, drawImage, drawTypes, toRgbImage } from '../../src/sheet/draw-panels.js';

const size = 12;
const image = createRgbImage(
  size,
  size,
  Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7) % 200),
);
const instanceMap = createLabelMap(size, size);
const typeMap = createTypeMap(size, size);
// Two nuclei of 4 × 4 pixels that touch: columns 2 to 5 and 6 to 9 of rows 3 to 6.
for (let y = 3; y < 7; y++) {
  for (let x = 2; x < 10; x++) {
    instanceMap.set(y, x, x < 6 ? 1 : 2);
    typeMap.set(y, x, x < 6 ? 1 : 9);
  }
}
const palette = createPalette([{ id: 1, name: 'a', color: [255, 0, 40] }]);
const colorAt = (picture: typeof image, y: number, x: number) => [0, 1, 2].map((channel) => picture.get(y, x, channel));

describe('drawImage', () => {
  it('outlines nuclei by class, touching ones too, and leaves every other pixel as it is', () => {
    const picture = drawImage(image, { instanceMap, typeMap }, { scale: 1, outputSize: size, palette });
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const inRows = y >= 3 && y < 7;
        const edge = inRows && x >= 2 && x < 10 && (y === 3 || y === 6 || [2, 5, 6, 9].includes(x));
        const color = x < 6 ? [255, 0, 40] : [128, 128, 128];
        expect(colorAt(picture, y, x), `${y}, ${x}`).toEqual(edge ? color : colorAt(image, y, x));
      }
    }
  });

  it('frames the middle that the output covers, and enlarges pixels to squares', () => {
    const picture = drawImage(image, { instanceMap, typeMap }, { scale: 3, outputSize: 10, palette });
    expect(picture.shape).toEqual([36, 36, 3]);
    expect(colorAt(picture, 3, 3)).toEqual([0, 0, 0]);
    expect(colorAt(picture, 32, 9)).toEqual([255, 255, 255]);
    expect(colorAt(picture, 32, 33)).toEqual(colorAt(image, 10, 11));
    expect(colorAt(picture, 0, 0)).toEqual(colorAt(image, 0, 0));
    expect(colorAt(picture, 2, 35)).toEqual(colorAt(image, 0, 11));
  });
});

describe('drawHover', () => {
  it('runs from blue to red along x or y inside nuclei, grey elsewhere', () => {
    const hover = computeHoverMaps(instanceMap);
    const foreground = createTypeMap(
      size,
      size,
      Uint8Array.from(instanceMap.data, (id) => Math.min(id, 1)),
    );
    const horizontal = drawHover(hover, 0, { foreground, scale: 1 });
    const vertical = drawHover(hover, 1, { foreground, scale: 1 });
    expect(colorAt(horizontal, 4, 2)).toEqual([5, 48, 97]);
    expect(colorAt(horizontal, 4, 5)).toEqual([103, 0, 31]);
    expect(colorAt(horizontal, 4, 6)).toEqual([5, 48, 97]);
    expect(colorAt(horizontal, 4, 3)).toEqual(divergingColor(-1 / 3));
    expect(colorAt(vertical, 3, 4)).toEqual([5, 48, 97]);
    expect(colorAt(vertical, 6, 4)).toEqual([103, 0, 31]);
    for (const picture of [horizontal, vertical]) expect(colorAt(picture, 0, 0)).toEqual([225, 225, 225]);
  });

  it('tells the middle of a nucleus from the ground', () => {
    const foreground = createTypeMap(1, 2, Uint8Array.of(0, 1));
    const picture = drawHover(createHoverMaps(1, 2), 0, { foreground, scale: 1 });
    expect(colorAt(picture, 0, 0)).not.toEqual(colorAt(picture, 0, 1));
  });
});

describe('drawTypes', () => {
  it('fills nuclei with the colour of their class, darker at the edge, grey for a class without a name', () => {
    const picture = drawTypes({ instanceMap, typeMap }, 1, palette);
    expect(colorAt(picture, 4, 3)).toEqual(mixColors([255, 0, 40], [255, 255, 255], 0.45));
    expect(colorAt(picture, 4, 2)).toEqual(mixColors([255, 0, 40], [0, 0, 0], 0.35));
    expect(colorAt(picture, 4, 8)).toEqual(mixColors([128, 128, 128], [255, 255, 255], 0.45));
    expect(colorAt(picture, 0, 0)).toEqual([225, 225, 225]);
  });
});

describe('colours', () => {
  it('diverge from near-white, evenly, and end at −1 and 1', () => {
    expect(divergingColor(0)).toEqual([247, 247, 247]);
    expect(divergingColor(-0.2)).toEqual([209, 229, 240]);
    expect(divergingColor(-7)).toEqual(divergingColor(-1));
    expect(divergingColor(7)).toEqual(divergingColor(1));
  });

  it('of an image come back exactly from what the network reads', () => {
    expect(toRgbImage(scaleIntensity(image)).data).toEqual(image.data);
  });
});
