import {
  createRgbImage,
  createSilentReporter,
  FileError,
  HovernetError,
  type LabelledImage,
  type RgbImage,
} from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { evaluateTiles, type SegmentedTile, type TileWork } from '@hovernet/training/evaluation';
import { createReporter } from '../../src/report/reporter.js';
import { answerWith, createTiles, drawTile, findNuclei } from './sure-segmenter.js';

const tile = drawTile('11..22', '11..22', '......', '..44..');
const half = drawTile('11....', '11....', '......', '......');
const signal = new AbortController().signal;
const context = { signal, reporter: createSilentReporter() };

function damaged(): never {
  throw new FileError('Test/label_bad.npy', 'truncated');
}

/** Finds what `found` says, tile after tile. */
function finding(...found: readonly LabelledImage[]): TileWork {
  let next = 0;
  return { segmenter: { segment: () => Promise.resolve(answerWith(findNuclei(found[next++]!))) } };
}

describe('evaluateTiles', () => {
  it('scores each tile as a whole, of any size, in their order', async () => {
    const large = drawTile(...Array.from({ length: 300 }, () => '1'.padEnd(211, '.')));
    const seen: (readonly number[])[] = [];
    const { segmenter } = finding(tile, large, half);
    const segment: typeof segmenter.segment = (image) => {
      seen.push((image as RgbImage).shape);
      return segmenter.segment(image);
    };
    const { scored, failures } = await evaluateTiles(
      createTiles({ b: tile, a: large, c: tile }),
      { segmenter: { segment } },
      context,
    );
    expect(seen).toEqual([tile, large, tile].map(({ image }) => image.shape));
    expect(failures).toEqual([]);
    expect(scored.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
    expect(scored.map(({ maskDice }) => maskDice)).toEqual([1, 1, (2 * 4) / (10 + 4)]);
    expect(scored[2]!.metrics).toMatchObject({ dq: 2 / 4, aji: 4 / 10 });
    expect(scored[0]!.nuclei.truth).toEqual([
      { centroid: [0.5, 0.5], type: 1 },
      { centroid: [4.5, 0.5], type: 2 },
      { centroid: [2.5, 3], type: 4 },
    ]);
  });

  it('reports a tile that fails, names it, and goes on', async () => {
    const small = { ...tile, image: createRgbImage(2, 2) };
    const negative = drawTile('11..', '....');
    negative.instanceMap.data[7] = -1;
    const { scored, failures } = await evaluateTiles(
      createTiles({ bad: damaged, good: tile, negative, odd: small, last: tile }),
      finding(tile, negative, half, tile),
      context,
    );
    expect(scored.map(({ name }) => name)).toEqual(['good', 'odd', 'last']);
    expect(failures).toEqual([
      'Test/label_bad.npy: truncated',
      'negative: expected labels of at least 0, got a negative one',
    ]);
  });

  it('fails where every tile does, with the last of the reasons', async () => {
    const tiles = createTiles({ a: damaged, b: damaged });
    await expect(evaluateTiles(tiles, finding(), context)).rejects.toThrow('label_bad.npy');
  });

  it('ends with what is no failure of a tile', async () => {
    const interrupted = new HovernetError('INTERRUPTED', 'inference: interrupted');
    const stopping = { segmenter: { segment: () => Promise.reject(interrupted) } };
    const stopped = evaluateTiles(createTiles({ a: tile, b: tile }), stopping, context);
    await expect(stopped).rejects.toBe(interrupted);
    const broken = { segmenter: { segment: () => Promise.reject(new RangeError('a defect')) } };
    await expect(evaluateTiles(createTiles({ a: tile, b: tile }), broken, context)).rejects.toThrow('a defect');
  });

  it('hands over each tile to be written, before it counts it', async () => {
    const written: SegmentedTile[] = [];
    const write = (segmented: SegmentedTile) => Promise.resolve(void written.push(segmented));
    await evaluateTiles(createTiles({ a: tile, b: tile }), { ...finding(tile, half), write }, context);
    expect(written.map(({ name, truth, segmentation }) => [name, truth.length, segmentation.nuclei.length])).toEqual([
      ['a', 3, 3],
      ['b', 3, 1],
    ]);
  });

  it('shows how many tiles are done, and which window of which tile is in work', async () => {
    let written = '';
    let now = 0;
    const reporter = createReporter({ write: (text) => void (written += text) }, { now: () => (now += 6000) });
    const { segmenter } = finding(tile, tile);
    let turn: Promise<unknown> = Promise.resolve();
    const segment: typeof segmenter.segment = async (image, options) => {
      // One after the other, as images take turns in the network.
      await (turn = turn.then(() => new Promise((resolve) => setTimeout(resolve))));
      options?.onProgress?.({ done: 3, total: 4, doneUm2: null, cells: 0, totalCells: 1, nuclei: 0 });
      return segmenter.segment(image);
    };
    await evaluateTiles(createTiles({ a: tile, b: tile }), { segmenter: { segment } }, { ...context, reporter });
    expect(written).toMatch(/^evaluating: 1\/2 tiles, .* left \| tile b · windows 3\/4$/m);
    expect(written).toMatch(/^evaluating: 2\/2 tiles/m);
  });
});
