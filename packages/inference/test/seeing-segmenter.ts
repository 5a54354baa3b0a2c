// A segmenter over a network that reads raw maps from the image, and what its results are compared with.
import {
  FileError,
  type Cell,
  type NucleiSink,
  type Nucleus,
  type NucleusTable,
  type ResultInfo,
} from '@hovernet/core';
import { memoryScratch } from '../src/scratch/scratch.js';
import type { SegmentationOptions } from '../src/segmenter-options.js';
import { createSegmenter, type SegmenterParts } from '../src/segmenter.js';
import { createSeeingNetwork, finder } from './seeing-network.js';

/** Of {@link openSeeing}, unless told otherwise. */
export const postprocess = { normalization: 'fixed' } as const;

export type OpenOptions = SegmentationOptions & Parameters<typeof createSegmenter>[1];

export function openSeeing(options: OpenOptions = {}, parts: Partial<SegmenterParts<string>> = {}) {
  return createSegmenter<string>(
    {
      network: createSeeingNetwork(),
      weights: { name: 'seeing', sha256: null },
      finder,
      scratch: memoryScratch,
      openImage: (name) => Promise.reject(new FileError(name, 'no such file')),
      dispose: () => Promise.resolve(),
      ...parts,
    },
    { windowPx: 128, postprocess, ...options },
  );
}

/** All but types. */
export const places = (nuclei: readonly Nucleus[]) =>
  nuclei.map(({ id, box, centroid, contour }) => ({ id, box, centroid, contour }));

/** What does not depend on ids, in the order of first pixels. */
export const describeAll = (nuclei: readonly Nucleus[]) =>
  nuclei
    .map((nucleus) => ({ ...nucleus, id: 0 }))
    .sort((a, b) => a.contour[0]![1] - b.contour[0]![1] || a.contour[0]![0] - b.contour[0]![0]);

/** Whether arrays are equal; a look at each value takes long. */
export const isSame = (one: NodeJS.TypedArray, other: NodeJS.TypedArray) =>
  Buffer.compare(bytesOf(one), bytesOf(other)) === 0;
const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A sink that keeps what it is told; `fail` makes one of its methods fail. */
export function createSink(fail?: keyof NucleiSink) {
  const log: string[] = [];
  const cells: (readonly [Cell, NucleusTable])[] = [];
  let info: ResultInfo | undefined;
  const note = (what: keyof NucleiSink) => {
    log.push(what);
    return what === fail ? Promise.reject(new Error(`${what} failed`)) : Promise.resolve();
  };
  const sink: NucleiSink = {
    begin: (told) => {
      info = told;
      return note('begin');
    },
    committed: () => Promise.resolve(new Set()),
    commit: (cell, nuclei) => {
      cells.push([cell, nuclei]);
      return note('commit');
    },
    finish: () => note('finish'),
    abort: () => note('abort'),
  };
  return { sink, log, cells, info: () => info };
}
