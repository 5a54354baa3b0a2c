import { createRgbImage, type LabelledImage } from '@hovernet/core';
import { expect, it } from 'vitest';
import { drawComparison, outcomes } from '../../src/evaluation/draw-comparison.js';
import { scoreTile } from '@hovernet/training/evaluation';
import { drawTile, findNuclei } from './sure-segmenter.js';

const truth = drawTile(
  '..................',
  '..1111......2222..',
  '..1111......2222..',
  '..1111......2222..',
  '..1111......2222..',
  '..................',
  '..................',
  '..3333............',
  '..3333............',
  '..3333............',
  '..3333............',
  '..................',
);
// Nucleus 1 a column further to the right, 2 as another type, 3 not, and one that is not there.
const found = drawTile(
  '..................',
  '...1111.....4444..',
  '...1111.....4444..',
  '...1111.....4444..',
  '...1111.....4444..',
  '..................',
  '..................',
  '............8888..',
  '............8888..',
  '............8888..',
  '............8888..',
  '..................',
);

function draw(tile: LabelledImage, prediction = found) {
  const picture = drawComparison(scoreTile('a', tile, findNuclei(prediction)).tile);
  const nameAt = (x: number, y: number) => {
    const color = [0, 1, 2].map((channel) => picture.get(y, x, channel)).join();
    return outcomes.find((outcome) => outcome.color.join() === color)?.name ?? color;
  };
  return { picture, nameAt };
}

it('draws what was found twice, and the rest in the colour of what became of it', () => {
  const { nameAt, picture } = draw(truth);
  expect(picture.shape).toEqual([12, 18, 3]);
  // The left edge of the annotation, and the edge of what was found, a pixel inside and one outside.
  expect([nameAt(2, 2), nameAt(6, 2), nameAt(7, 2)]).toEqual(['annotated', 'found', 'found']);
  expect([nameAt(12, 2), nameAt(11, 2)]).toEqual(['annotated', 'found as another type']);
  expect([nameAt(2, 8), nameAt(1, 8)]).toEqual(['missed', 'missed']);
  expect([nameAt(12, 8), nameAt(16, 8)]).toEqual(['invented', 'invented']);
  expect([nameAt(9, 5), nameAt(13, 9)]).toEqual(['120,120,120', '120,120,120']);
});

it('knows no other type without types', () => {
  const tile = scoreTile('a', truth, findNuclei(found, false)).tile;
  const names = new Set<string>();
  const picture = drawComparison(tile);
  for (let y = 0; y < 12; y++)
    for (let x = 0; x < 18; x++) names.add([0, 1, 2].map((channel) => picture.get(y, x, channel)).join());
  expect(names).not.toContain('255,255,0');
  expect(names).toContain('0,255,0');
});

it('leaves the image as it is, and draws nothing where there is nothing', () => {
  const empty = drawTile('......', '......');
  const { picture } = draw(empty, empty);
  expect(picture.data).toEqual(createRgbImage(2, 6, new Uint8Array(36).fill(120)).data);
  expect(empty.image.data.every((value) => value === 120)).toBe(true);
});
