// Segmenters in a page: the pipeline, ONNX Runtime and post-processing run in a worker; nothing is uploaded.
import {
  createLabelMap,
  createRgbImage,
  createTypeMap,
  HovernetError,
  listNuclei,
  toContiguous,
  UnsupportedError,
  type Box,
  type Cell,
  type ImageSource,
  type NucleiSink,
  type NucleusTable,
  type Provenance,
  type ResultInfo,
  type RgbImage,
  type SegmentedImage,
} from '@hovernet/core';
import { onnxUrl } from '@hovernet/weights-lite-consep';
import type {
  DecodedImage,
  OnProgress,
  SegmentationOptions,
  SegmentedNuclei,
  Segmenter,
  SegmentSlideOptions,
} from '../segmenter-options.js';
import { isImageSource, toSource } from '../sources/to-source.js';
import { openChannel, transferred, type Channel, type MessagePortLike } from './channel.js';
import type { WebImage } from './decode-image.js';
import type { OpenedWorker, PackedImage, PackedResult, SlideRequest, WebNetworkOptions } from './requests.js';

/** Everything that a page can segment. Bitmaps move to the worker: they are empty afterwards. */
export type SegmenterImage = WebImage | DecodedImage;

export interface OpenSegmenterOptions extends SegmentationOptions {
  /** An ONNX model that this project exported: its address or bytes. @default those of `@hovernet/weights-lite-consep` */
  readonly weights?: string | URL | Uint8Array | undefined;
  /** What runs the network, in the order in which it is tried. @default ['webgpu', 'wasm'] */
  readonly providers?: WebNetworkOptions['providers'] | undefined;
  /** Threads of wasm, where the page is cross-origin isolated. @default one a processor */
  readonly threads?: number | undefined;
  /** Called as windows of an image are done. */
  readonly onProgress?: OnProgress | undefined;
}

/** What the page keeps of an image while the worker is at it. */
interface RunningImage {
  readonly source?: ImageSource | undefined;
  readonly sinks?: readonly NucleiSink[] | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Opens a segmenter in a worker of the page.
 * @throws FileError or WeightsError for weights that cannot be fetched or are no such model; HovernetError ENGINE_FAILED where
 * none of `providers` runs.
 */
export async function openSegmenter(options: OpenSegmenterOptions = {}): Promise<Segmenter<SegmenterImage>> {
  const { weights = onnxUrl, providers = ['webgpu', 'wasm'], threads, onProgress, ...segmentation } = options;
  const worker = new Worker(new URL('./segmenter-worker.js', import.meta.url), { type: 'module' });
  const running = new Map<number, RunningImage>();
  const channel = openChannel(
    worker as MessagePortLike,
    createPageHandlers(running, () => channel),
  );
  worker.onerror = ({ message }) =>
    channel.fail(
      new HovernetError('WORKER_FAILED', `segmenter: its worker failed (${message || 'its script did not load'})`),
    );
  const network = { weights: weights instanceof Uint8Array ? weights : toAddress(weights), providers, threads };
  let opened: OpenedWorker;
  try {
    opened = await channel.call('open', [{ network, segmentation }]);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  let nextId = 0;
  async function run<T>(
    method: 'segment' | 'segmentSlide',
    image: SegmenterImage,
    { sinks = [], grid, journal, ...asked }: Partial<SegmentSlideOptions>,
  ): Promise<T> {
    if (journal) throw new UnsupportedError('segmentSlide: a page keeps no journal; leave the option out');
    const { signal, mpp } = asked;
    if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'segment: interrupted', { cause: signal.reason });
    const id = nextId++;
    const { packed, transfer } = packImage(image);
    const onAbort = () => void channel.call('abort', [id]).catch(() => undefined);
    running.set(id, {
      source: isImageSource(image) ? image : undefined,
      sinks,
      onProgress: asked.onProgress ?? onProgress,
    });
    signal?.addEventListener('abort', onAbort);
    try {
      const needsRawMaps = sinks.some((sink) => sink.needsRawMaps);
      const request: SlideRequest = { id, image: packed, mpp, grid, hasSinks: sinks.length > 0, needsRawMaps };
      return await channel.call<T>(method, [request], transfer);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      running.delete(id);
    }
  }
  return {
    classes: opened.classes,
    mpp: opened.mpp,
    weights: opened.weights,
    segment: async (image, asked = {}) => unpackNuclei(await run<PackedNuclei>('segment', image, asked)),
    segmentSlide: (image, asked) => run('segmentSlide', image, asked),
    async close() {
      await channel.call('close', []).catch(() => undefined);
      worker.terminate();
      channel.fail(new HovernetError('INTERRUPTED', 'segmenter: closed'));
    },
  };
}

type PackedNuclei = Omit<SegmentedNuclei, 'instanceMap' | 'typeMap' | 'nuclei'> & {
  readonly labels: Int32Array;
  readonly types: Uint8Array | null;
  readonly table: NucleusTable;
};

function unpackNuclei({ labels, types, table, ...summary }: PackedNuclei): SegmentedNuclei {
  const { height, width } = summary;
  return {
    ...summary,
    instanceMap: createLabelMap(height, width, labels),
    typeMap: types && createTypeMap(height, width, types),
    nuclei: listNuclei(table),
  };
}

function packImage(image: SegmenterImage): { readonly packed: PackedImage; readonly transfer: Transferable[] } {
  if (isImageSource(image)) {
    const { width, height, mpp } = image;
    return { packed: { kind: 'source', width, height, mpp }, transfer: [] };
  }
  if (toSource(image) === undefined) {
    const isAddress = image instanceof URL || typeof image === 'string';
    const encoded = isAddress ? toAddress(image) : (image as WebImage);
    return { packed: { kind: 'encoded', image: encoded }, transfer: encoded instanceof ImageBitmap ? [encoded] : [] };
  }
  const { width, height, data } = isArray(image)
    ? toPixels(image)
    : (image as { width: number; height: number; data: Uint8Array });
  return { packed: { kind: 'pixels', width, height, data: data as Uint8Array }, transfer: [] };
}

/** Absolute: the worker's own address is another than the page's. */
function toAddress(address: string | URL): string {
  return new URL(address, document.baseURI).href;
}

function isArray(image: SegmenterImage): image is RgbImage {
  return typeof image === 'object' && 'shape' in image;
}

function toPixels(image: RgbImage) {
  const [height, width] = image.shape as [number, number];
  return { width, height, data: toContiguous(image) };
}

/** What the worker may ask of the page. */
function createPageHandlers(running: ReadonlyMap<number, RunningImage>, getChannel: () => Channel) {
  const sinksOf = (id: number) => running.get(id)?.sinks ?? [];
  const each = async (id: number, work: (sink: NucleiSink) => Promise<void>) => {
    for (const sink of sinksOf(id)) await work(sink);
  };
  return {
    progress: (id: number, progress: Parameters<OnProgress>[0]) => running.get(id)?.onProgress?.(progress),
    readImage: async (id: number, box: Box) => {
      const pixels = toContiguous(await running.get(id)!.source!.read(box)).slice();
      return transferred(pixels, [pixels.buffer]);
    },
    begin: (id: number, info: ResultInfo) => each(id, (sink) => sink.begin(info)),
    committed: async (id: number): Promise<ReadonlySet<number>> => {
      const sets = await Promise.all(sinksOf(id).map((sink) => sink.committed()));
      const [first = new Set<number>(), ...others] = sets;
      return new Set(Array.from(first).filter((cell) => others.every((set) => set.has(cell))));
    },
    commit: (id: number, cell: Cell, nuclei: NucleusTable) => each(id, (sink) => sink.commit(cell, nuclei)),
    finish: (id: number, packed: PackedResult, provenance: Provenance) =>
      each(id, (sink) => sink.finish(unpackResult(getChannel(), id, packed), provenance)),
    abortSinks: (id: number) => each(id, (sink) => sink.abort()),
  };
}

/** A result whose maps and nuclei are asked of the worker. */
function unpackResult(channel: Channel, id: number, { count, types, ...info }: PackedResult): SegmentedImage {
  const readTable = (request: unknown) => channel.call<NucleusTable | null>('readTable', [id, request]);
  return {
    ...info,
    image: {
      ...info,
      read: async (box) => {
        const [x0, y0, x1, y1] = box;
        return createRgbImage(y1 - y0, x1 - x0, await channel.call<Uint8Array>('readPixels', [id, box]));
      },
      close: () => Promise.resolve(),
    },
    nuclei: {
      count,
      typesOf: (ids) => Uint8Array.from(ids, (value) => types[value]!),
      async *tables() {
        for (let index = 0; ; index++) {
          const table = await readTable({ index });
          if (table === null) return;
          yield table;
        }
      },
      inRows: async (y0, y1) => (await readTable({ rows: [y0, y1] }))!,
    },
    readLabels: async (box) => {
      const [x0, y0, x1, y1] = box;
      return createLabelMap(y1 - y0, x1 - x0, await channel.call<Int32Array>('readLabels', [id, box]));
    },
  };
}
