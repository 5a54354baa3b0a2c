// The front door: from images of any kind and size to nuclei.
import {
  createTypeMap,
  HovernetError,
  listNuclei,
  type ImageSource,
  type Nucleus,
  type Provenance,
  type SegmentedImage,
} from '@hovernet/core';
import { resampleSource } from '@hovernet/slides/internal';
import { compareAppearance, createSizeMeter } from './compare-appearance.js';
import type { WeightsAdvice } from './network/describe-model.js';
import type { TrainedNetwork } from './network/trained-network.js';
import { planImage, planSlide, slideGrid } from './plan-image.js';
import type { ScratchSpace } from './scratch/scratch.js';
import { segmentSource, type NucleiFinder, type PipelineSummary } from './segment-source.js';
import type {
  DecodedImage,
  ImageSummary,
  OnProgress,
  SegmentationOptions,
  SegmentedNuclei,
  Segmenter,
  SegmentOptions,
  SegmentSlideOptions,
} from './segmenter-options.js';
import { isImageSource, toSource } from './sources/to-source.js';
import { isSlideSource } from './sources/slide-source.js';
import { measureStains, stainSource } from './sources/stain-source.js';
import { createTurns } from './take-turns.js';

/** What a segmenter is made of. */
export interface SegmenterParts<Image> extends WeightsAdvice {
  readonly network: TrainedNetwork;
  readonly weights: Provenance['weights'];
  readonly finder: NucleiFinder;
  readonly scratch: ScratchSpace;
  /** Images of more pixels use `scratch`, others memory. @default 2²² */
  readonly memoryPx?: number | undefined;
  /** Opens an image that needs decoding. */
  readonly openImage: (image: Exclude<Image, DecodedImage>, signal?: AbortSignal) => Promise<ImageSource>;
  /** Frees what the parts hold. */
  readonly dispose: () => Promise<void>;
}

/** Resolutions that differ by less are taken as equal: files round theirs. */
const resolutionTolerance = 0.02;

/** A segmenter of `parts`. */
export function createSegmenter<Image>(
  parts: SegmenterParts<Image>,
  options: SegmentationOptions & { readonly onProgress?: OnProgress | undefined } = {},
): Segmenter<Image | DecodedImage> {
  const { network, weights, finder, scratch, memoryPx } = parts;
  const { views = 'none', resample = true, stainGain = 'half' } = options;
  const batchSize = network.batchSize ?? options.batchSize ?? 1;
  const windowPx = network.windowPx ?? options.windowPx;
  const padding = options.padding ?? (network.config.stemStride === 2 ? 'mirror' : 'zero');
  const postprocess = { ...parts.postprocess, ...options.postprocess };
  const nextTurn = createTurns();
  const closing = new AbortController();

  async function run<T>(
    input: Image | DecodedImage,
    { sinks, grid, journal, ...asked }: SegmentSlideOptions,
    use: (result: SegmentedImage, summary: ImageSummary, pipeline: PipelineSummary) => Promise<T>,
  ): Promise<T> {
    const signal = asked.signal ? AbortSignal.any([asked.signal, closing.signal]) : closing.signal;
    assertGoesOn(signal);
    // However long it takes to open the image.
    const turn = nextTurn();
    let opened: ImageSource | undefined;
    try {
      opened = toSource(input) ?? (await parts.openImage(input as Exclude<Image, DecodedImage>, signal));
      const mpp = opened.mpp ?? (asked.mpp === undefined ? options.mpp : asked.mpp) ?? null;
      const image = withResolution(opened, mpp);
      const isScaled = resample && needsResampling(mpp, network.mpp);
      // A slide of unknown resolution is refused, where an image is taken as it is.
      const isUnknown = mpp === null && resample && isSlideSource(opened);
      const cut = await openSource(opened, image, isScaled || isUnknown ? network.mpp : mpp);
      const reference = parts.appearance?.density;
      const stains = reference ? await measureStains(cut, { reference, gain: stainGain, signal }) : null;
      const source = stains !== null && stainGain !== 'none' ? stainSource(cut, stains.gains) : cut;
      const sizes = createSizeMeter();
      const isImage = grid === 'image' || (grid === 'auto' && !isSlideSource(opened));
      const plan = isImage
        ? planImage(network.config, source, { ...options, windowPx })
        : planSlide(source, typeof grid === 'object' ? grid : slideGrid(network.config, network.windowPx));
      // On the lattice nothing depends on the other nuclei of a cell.
      const rules = isImage ? postprocess : { ...postprocess, normalization: 'fixed' as const };
      const resampledTo = isScaled ? network.mpp : null;
      return await segmentSource(
        { network, finder, scratch, memoryPx, takeTurn: turn.take },
        {
          image,
          cut: { source, windows: plan.windows, cells: plan.cells },
          windows: { batchSize, padding, views, signal },
          postprocess: rules,
          sinks: [...sinks, sizes],
          provenance: {
            weights,
            grid: plan.grid,
            options: {
              mpp,
              resampledTo,
              padding,
              views,
              postprocess: rules,
              stainGains: stains?.gains ?? null,
            },
          },
          journal: isImage ? undefined : journal,
          onProgress: asked.onProgress ?? options.onProgress,
        },
        (result, pipeline) => {
          const size = sizes.median();
          const nucleusPx = size !== null && resampledTo !== null ? (size * mpp!) / resampledTo : size;
          const warnings = compareAppearance({ stains, gain: stainGain, nucleusPx, mpp }, parts.appearance);
          return use(
            result,
            { width: image.width, height: image.height, mpp, resampledTo, stains, warnings },
            pipeline,
          );
        },
      );
    } finally {
      turn.leave();
      if (!isImageSource(input)) await opened?.close();
    }
  }

  return {
    classes: network.classes,
    mpp: network.mpp,
    weights,
    segment: (image, asked: SegmentOptions = {}) =>
      run(image, { ...asked, sinks: [], grid: 'image' }, async (result, summary) => ({
        ...(await collect(result)),
        ...summary,
      })),
    segmentSlide: (image, asked) =>
      run(image, asked, (result, summary, pipeline) =>
        Promise.resolve({ ...summary, count: result.nuclei.count, ...pipeline }),
      ),
    async close() {
      closing.abort(new HovernetError('INTERRUPTED', 'segmenter: closed'));
      await nextTurn().take(() => Promise.resolve());
      await parts.dispose();
    },
  };
}

/** `source` with a resolution that its file does not say. */
function withResolution(source: ImageSource, mpp: number | null): ImageSource {
  const { width, height } = source;
  return { width, height, mpp, read: (box, signal) => source.read(box, signal), close: () => source.close() };
}

/** `image` at the resolution of the network; slides read themselves at it, and know their tissue. */
function openSource(opened: ImageSource, image: ImageSource, wantedMpp: number | null): Promise<ImageSource> {
  if (wantedMpp === null) return Promise.resolve(image);
  if (isSlideSource(opened)) return opened.atResolution(wantedMpp, image.mpp);
  return Promise.resolve(
    wantedMpp === image.mpp ? image : resampleSource(image as ImageSource & { readonly mpp: number }, wantedMpp),
  );
}

function needsResampling(imageMpp: number | null, networkMpp: number | null): boolean {
  if (imageMpp === null || networkMpp === null) return false;
  return Math.abs(imageMpp / networkMpp - 1) > resolutionTolerance;
}

async function collect({
  width,
  height,
  isTyped,
  nuclei,
  readLabels,
}: SegmentedImage): Promise<Pick<SegmentedNuclei, 'instanceMap' | 'typeMap' | 'nuclei'>> {
  const instanceMap = await readLabels([0, 0, width, height]);
  const list: Nucleus[] = [];
  for await (const table of nuclei.tables()) for (const nucleus of listNuclei(table)) list.push(nucleus);
  const typeMap = isTyped ? createTypeMap(height, width, nuclei.typesOf(instanceMap.data)) : null;
  return { instanceMap, typeMap, nuclei: list };
}

function assertGoesOn(signal: AbortSignal): void {
  if (signal.aborted) throw new HovernetError('INTERRUPTED', 'segment: interrupted', { cause: signal.reason });
}
