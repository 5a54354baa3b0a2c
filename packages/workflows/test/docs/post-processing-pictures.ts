// The pictures of docs/explanation: what each step of the post-processing makes of one crop, and where it goes wrong.
import {
  computeBorderMap,
  computeDistanceMap,
  findMarkers,
  floodMarkers,
  labelComponents,
  type Mask,
} from '@hovernet/postprocess/internal';
import { copyArray, createRandom, createRgbImage, planeView, toContiguous } from '@hovernet/core';
import type { Box, HoverMaps, LabelMap, PixelArray, RgbImage } from '@hovernet/core';
import { loadTaxonomy, readTile } from '@hovernet/data';
import { indexLabelColors, labelPalette } from '@hovernet/export';
import { workspacePath } from '@hovernet/testing';
import { computeHoverMaps } from '@hovernet/transforms';
import ndarray, { type NdArray } from 'ndarray';
import { composeSheet, divergingColor, mixColors, type Color } from '@hovernet/export/internal';

/** Part of the crop that is shown: nuclei that touch. */
const shown: Box = [88, 140, 184, 236];
const scale = 2;
const ground: Color = [225, 225, 225];
const white: Color = [255, 255, 255];
const dark: Color = [60, 20, 90];

interface Scene {
  readonly image: RgbImage;
  readonly mask: Mask;
  readonly hover: HoverMaps;
}

/** Image, mask and HoVer maps of an annotated crop: what a network that makes no mistake would say. */
async function readScene(): Promise<Scene> {
  const path = (name: string) => workspacePath('samples/nucls/Train', name);
  const tile = { name: 'train_6', imagePath: path('Images/train_6.png'), labelPath: path('Labels/train_6.mat') };
  const { image, instanceMap } = await readTile(tile, await loadTaxonomy('nucls'));
  const inside = Uint8Array.from(toContiguous(instanceMap), (id) => Number(id !== 0));
  return { image, mask: ndarray(inside, instanceMap.shape), hover: computeHoverMaps(instanceMap) };
}

/** Both rows of docs/pictures/post-processing.png: image, mask, HoVer maps; border, energy, markers, nuclei. */
export async function drawSteps(): Promise<RgbImage> {
  const { image, mask, hover } = await readScene();
  const border = computeBorderMap(hover, mask);
  const energy = computeDistanceMap(border, mask);
  const markers = findMarkers(border, mask);
  const first = [paintImage(image), paint(mask, (value) => (value === 0 ? ground : dark)), ...paintHover(hover, mask)];
  const second = [
    paint(border, (value, at) => (mask.data[at] === 0 ? ground : mixColors(white, dark, value))),
    paint(energy, (value, at) => (mask.data[at] === 0 ? ground : mixColors(white, dark, -value))),
    paintLabels(markers, mask),
    paintLabels(floodMarkers(energy, markers, mask), mask),
  ];
  return composeSheet([[first], [second]]);
}

/** Rows of docs/pictures/failures.png: horizontal map, border, markers, nuclei of maps that are right, merged, torn, unsure. */
export async function drawFailures(): Promise<RgbImage> {
  const { mask, hover } = await readScene();
  const merged = computeHoverMaps(labelComponents(mask));
  const rows = [hover, merged, tearMaps(hover), shakeMaps(hover)];
  return composeSheet(rows.map((maps) => [drawRow(maps, mask)]));
}

function drawRow(hover: HoverMaps, mask: Mask): RgbImage[] {
  const border = computeBorderMap(hover, mask);
  const markers = findMarkers(border, mask);
  const nuclei = floodMarkers(computeDistanceMap(border, mask), markers, mask);
  return [
    paintHover(hover, mask)[0],
    paint(border, (value, at) => (mask.data[at] === 0 ? ground : mixColors(white, dark, value))),
    paintLabels(markers, mask),
    paintLabels(nuclei, mask),
  ];
}

/** The texture of nuclei taken for borders: each map rises and falls once more, in waves of eleven pixels. */
function tearMaps(hover: HoverMaps): HoverMaps {
  return changeMaps(hover, (value, along) => value + 0.5 * Math.sin((2 * Math.PI * along) / 11));
}

/** Weak maps under noise, which is steep everywhere. */
function shakeMaps(hover: HoverMaps): HoverMaps {
  const random = createRandom(1);
  return changeMaps(hover, (value) => 0.4 * value + random.normal(0, 0.55));
}

/** `change` of every value and where it lies along the direction of its map. */
function changeMaps(hover: HoverMaps, change: (value: number, along: number) => number): HoverMaps {
  const changed = copyArray(hover);
  const [, height, width] = changed.shape as [number, number, number];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      changed.set(0, y, x, change(changed.get(0, y, x), x));
      changed.set(1, y, x, change(changed.get(1, y, x), y));
    }
  return changed;
}

function paintImage(image: RgbImage): RgbImage {
  const data = toContiguous(image);
  const [height, width] = image.shape as [number, number];
  const pixels = ndarray(new Uint8Array(height * width), [height, width]);
  return paint(pixels, (_, at) => [data[3 * at]!, data[3 * at + 1]!, data[3 * at + 2]!]);
}

function paintHover(hover: HoverMaps, mask: Mask): [RgbImage, RgbImage] {
  const draw = (channel: number) =>
    paint(copyArray(planeView(hover, channel)), (value, at) => (mask.data[at] === 0 ? ground : divergingColor(value)));
  return [draw(0), draw(1)];
}

/** Labels in colours of their own on the grey of the mask. */
function paintLabels(labels: LabelMap, mask: Mask): RgbImage {
  const indices = indexLabelColors(toContiguous(labels));
  return paint(labels, (id, at) => (id !== 0 ? labelPalette[indices[at]!]! : mask.data[at] === 0 ? ground : white));
}

/** The shown part of `plane`, each pixel a square, coloured by its value and its index in the whole. */
function paint<T extends PixelArray | Float64Array>(
  plane: NdArray<T>,
  colorOf: (value: number, at: number) => Color,
): RgbImage {
  const [x0, y0, x1, y1] = shown;
  const picture = createRgbImage((y1 - y0) * scale, (x1 - x0) * scale);
  for (let y = 0; y < picture.shape[0]!; y++)
    for (let x = 0; x < picture.shape[1]!; x++) {
      const [row, column] = [y0 + Math.floor(y / scale), x0 + Math.floor(x / scale)];
      const color = colorOf(Number(plane.get(row, column)), row * plane.shape[1]! + column);
      picture.data.set(color, (y * picture.shape[1]! + x) * 3);
    }
  return picture;
}
