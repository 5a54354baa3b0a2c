// The worker of a page: it runs the pipeline, so that the page never waits.
import {
  createNucleusTable,
  createRgbImage,
  HovernetError,
  toContiguous,
  type Box,
  type ImageSource,
  type NucleiSink,
  type NucleusTable,
  type SegmentedImage,
} from '@hovernet/core';
import { segmentNuclei } from '@hovernet/postprocess';
import { memoryScratch } from '../scratch/scratch.js';
import type { NucleiFinder } from '../segment-source.js';
import type { DecodedImage, OnProgress, Segmenter } from '../segmenter-options.js';
import { createSegmenter } from '../segmenter.js';
import { openChannel, transferred, type MessagePortLike } from './channel.js';
import { decodeImage, type WebImage } from './decode-image.js';
import { openWebNetwork } from './open-network.js';
import type { ImageRequest, OpenedWorker, PackedImage, SlideRequest, TableRequest, WorkerOptions } from './requests.js';

let segmenter: Segmenter<WebImage | DecodedImage> | undefined;
const running = new Map<number, AbortController>();
const finished = new Map<number, SegmentedImage>();

const page = openChannel(globalThis as unknown as MessagePortLike, {
  open: async ({ network, segmentation }: WorkerOptions): Promise<OpenedWorker> => {
    const { provider, ...opened } = await openWebNetwork(network);
    const parts = {
      ...opened,
      finder,
      scratch: memoryScratch,
      openImage: decodeImage,
      dispose: opened.network.dispose,
    };
    segmenter = createSegmenter<WebImage>(parts, segmentation);
    return { classes: segmenter.classes, mpp: segmenter.mpp, weights: segmenter.weights, provider };
  },
  segment: (request: ImageRequest) =>
    follow(request, async (image, options) => {
      const result = await segmenter!.segment(image, options);
      const { instanceMap, typeMap, nuclei, ...summary } = result;
      const [height, width] = instanceMap.shape as [number, number];
      const table = createNucleusTable(nuclei);
      const value = { ...summary, height, width, labels: instanceMap.data, types: typeMap?.data ?? null, table };
      const columns = Object.values(table).filter((column) => ArrayBuffer.isView(column));
      const arrays = [instanceMap.data, ...(typeMap ? [typeMap.data] : []), ...columns];
      return transferred(value, listBuffers(arrays));
    }),
  segmentSlide: (request: SlideRequest) =>
    follow(request, (image, options) => {
      const sinks = request.hasSinks ? [createPageSink(request)] : [];
      return segmenter!.segmentSlide(image, { ...options, sinks, grid: request.grid });
    }),
  abort: (id: number) => running.get(id)?.abort(new HovernetError('INTERRUPTED', 'segment: interrupted')),
  readTable: async (id: number, request: TableRequest): Promise<NucleusTable | null> => {
    const { nuclei } = finished.get(id)!;
    if ('rows' in request) return nuclei.inRows(...request.rows);
    let index = 0;
    for await (const table of nuclei.tables()) if (index++ === request.index) return table;
    return null;
  },
  readLabels: async (id: number, box: Box) => {
    const { data } = await finished.get(id)!.readLabels(box);
    return transferred(data, listBuffers([data]));
  },
  readPixels: async (id: number, box: Box) => {
    const pixels = toContiguous(await finished.get(id)!.image.read(box)).slice();
    return transferred(pixels, [pixels.buffer]);
  },
  close: () => segmenter?.close(),
});

const finder: NucleiFinder = {
  segmentTable(rawMaps, options) {
    const { nuclei, ...maps } = segmentNuclei(rawMaps, options);
    return Promise.resolve({ ...maps, table: createNucleusTable(nuclei) });
  },
};

/** Runs `work` on the image of `request`; the page follows its progress and may abort it. */
async function follow<T>(
  { id, image, mpp }: ImageRequest,
  work: (
    image: WebImage | DecodedImage,
    options: {
      readonly mpp?: number | null | undefined;
      readonly signal: AbortSignal;
      readonly onProgress: OnProgress;
    },
  ) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  running.set(id, controller);
  const onProgress: OnProgress = (progress) => void page.call('progress', [id, progress]).catch(() => undefined);
  try {
    return await work(unpackImage(id, image), { mpp, signal: controller.signal, onProgress });
  } finally {
    running.delete(id);
    finished.delete(id);
  }
}

function unpackImage(id: number, image: PackedImage): WebImage | DecodedImage {
  if (image.kind === 'encoded') return image.image;
  const { width, height } = image;
  if (image.kind === 'pixels') return { width, height, data: image.data };
  const source: ImageSource = {
    width,
    height,
    mpp: image.mpp,
    async read(box) {
      const [x0, y0, x1, y1] = box;
      return createRgbImage(y1 - y0, x1 - x0, await page.call<Uint8Array>('readImage', [id, box]));
    },
    close: () => Promise.resolve(),
  };
  return source;
}

/** The page's sinks, as one. */
function createPageSink({ id, needsRawMaps }: SlideRequest): NucleiSink {
  const tell = (method: string, ...args: readonly unknown[]) => page.call<void>(method, [id, ...args]);
  return {
    needsRawMaps,
    begin: (info) => tell('begin', info),
    committed: () => page.call('committed', [id]),
    commit: (cell, nuclei) => tell('commit', cell, nuclei),
    async finish(result, provenance) {
      finished.set(id, result);
      const { width, height, mpp, classes, isTyped, cells, nuclei, rawMaps } = result;
      const types = nuclei.typesOf(Int32Array.from({ length: nuclei.count + 1 }, (_, index) => index));
      const packed = { width, height, mpp, classes, isTyped, cells, count: nuclei.count, types, rawMaps };
      await tell('finish', packed, provenance);
    },
    abort: () => tell('abortSinks'),
  };
}

function listBuffers(arrays: readonly ArrayBufferView[]): ArrayBuffer[] {
  return Array.from(new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer)));
}
