// The two rows of the bundle's table for one way to run the network.
import { join } from 'node:path';
import { openFileSink, resultFormats } from '@hovernet/export/node';
import { readPng } from '@hovernet/files/node';
import type { Segmenter } from '@hovernet/inference';
import {
  createFolderScratch,
  createSegmenter,
  openImage,
  openProgramNetwork,
  type NodeImage,
  type TrainedNetwork,
} from '@hovernet/inference/internal';
import { createInferenceProgram, toConstants } from '@hovernet/model';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import type { Engine, Executable } from '@hovernet/ops';
import { cutWindow } from '@hovernet/transforms';
import type { BenchCase, BenchContext, BenchOptions } from '../bench-case.js';
import { countForwardOperations, openBenchEngine } from '../bench-network.js';
import { measureCpuCase, measureImageCase } from '../measure-case.js';
import type { Variant } from './list-variants.js';
import type { OpenedSubject } from './open-subject.js';

/** What `hovernet infer` writes by default. */
const formats = resultFormats.filter(({ name }) => ['nifti', 'json', 'overlay'].includes(name));

/** Measured runs of the network alone, which take less than those from end to end. */
const computationRuns = 5;

/**
 * `model_computation`: one batch of windows through the network; `end2end`: the image from its file to the files of its
 * nuclei. Starting the session is part of neither: it happens in the first run of the former, which is not measured.
 * @throws HovernetError where the provider cannot run the network.
 */
export async function* measureVariant(
  subject: OpenedSubject,
  { variant, options }: { readonly variant: Variant; readonly options: BenchOptions },
  context: BenchContext,
): AsyncGenerator<BenchCase, void, undefined> {
  const { network, imagePath, plan, windows, batchSize } = subject;
  const { provider, precision } = variant;
  const { engine, runner } = await openBenchEngine({ ...options, providers: [provider], precision });
  const windowPx = plan.size.input;
  const program = createInferenceProgram(network.config, { batch: batchSize, height: windowPx, width: windowPx });
  const executable = await engine.compile(program, { constants: toConstants(network.state) });
  const segmenter = openSegmenter(subject, await openProgramNetwork(reuse(executable), network));
  try {
    const image = await readPng(imagePath);
    const planes = new Float32Array(batchSize * network.config.inChannels * windowPx ** 2);
    for (let index = 0; index < batchSize; index++) {
      cutWindow(image, plan, { index, planes, offset: (index * planes.length) / batchSize });
    }
    const perWindow = countForwardOperations(network, windowPx);
    const computation = {
      name: 'model_computation',
      runs: options.runs ?? computationRuns,
      runner,
      operations: batchSize * perWindow,
      run: () => executable.run({ image: planes }),
    };
    yield await measureCpuCase(computation, context);
    const whole = {
      name: 'end2end',
      runs: options.runs ?? 1,
      runner,
      // The session is warm by now.
      warmUp: false,
      operations: windows * perWindow,
      run: () => segmentFile(subject, segmenter, context.signal),
    };
    yield await measureImageCase(whole, context);
  } finally {
    await segmenter.close();
    await executable.dispose();
  }
}

/** A segmenter of `network`, which it disposes of, that cuts images as those of the subject. */
function openSegmenter({ networkName, plan, batchSize, folder }: OpenedSubject, network: TrainedNetwork) {
  const finder = createPostprocessPool({ startNow: true });
  const scratch = createFolderScratch(folder);
  return createSegmenter<NodeImage>(
    {
      network,
      weights: { name: networkName, sha256: null },
      finder,
      scratch,
      openImage: (image) => openImage(image, { scratch }),
      async dispose() {
        await network.dispose();
        await finder.dispose();
      },
    },
    { windowPx: plan.size.input, batchSize },
  );
}

/** From the file of the image to those of its nuclei; gives their number. */
async function segmentFile(
  { imagePath, folder }: OpenedSubject,
  segmenter: Pick<Segmenter<string>, 'segmentSlide'>,
  signal: AbortSignal,
): Promise<number> {
  const sinks = [openFileSink(join(folder, 'result'), formats)];
  return (await segmenter.segmentSlide(imagePath, { sinks, grid: 'image', signal })).count;
}

/** An engine that has `executable` for the one program that it is asked for; its owner disposes of it. */
function reuse(executable: Executable): Engine {
  const shared: Executable = {
    inputs: executable.inputs,
    outputs: executable.outputs,
    run: (feeds) => executable.run(feeds),
    dispose: () => Promise.resolve(),
  };
  return { name: 'onnx', compile: () => Promise.resolve(shared) };
}
