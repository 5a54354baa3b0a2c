// The two rows of the bundle's table for one way to run the network.
import { createSilentReporter } from '@hovernet/core';
import { readPng } from '@hovernet/files/node';
import { createInferenceProgram, toConstants } from '@hovernet/model';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import type { Engine, Executable } from '@hovernet/ops';
import { cutWindow } from '@hovernet/transforms';
import { openProgramNetwork } from '@hovernet/inference/internal';
import { createConfiguredSegmenter } from '../../inference/open-segmenter.js';
import { listFormats, segmentImages, type SegmentImagesOptions } from '../../inference/segment-images.js';
import type { WorkflowContext } from '../../workflow-context.js';
import type { BenchCase, BenchOptions } from '../bench-case.js';
import { countForwardOperations, openBenchEngine } from '../bench-network.js';
import { measureCpuCase, measureImageCase } from '../measure-case.js';
import type { Variant } from './list-variants.js';
import type { OpenedSubject } from './open-subject.js';

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
  context: WorkflowContext,
): AsyncGenerator<BenchCase, void, undefined> {
  const { network, imagePath, plan, padding, windows, batchSize } = subject;
  const { provider, precision } = variant;
  const { engine, runner } = await openBenchEngine({ ...options, providers: [provider], precision });
  const windowPx = plan.size.input;
  const program = createInferenceProgram(network.config, { batch: batchSize, height: windowPx, width: windowPx });
  const executable = await engine.compile(program, { constants: toConstants(network.state) });
  const segmenter = createConfiguredSegmenter(subject.config, {
    network: await openProgramNetwork(reuse(executable), network),
    weights: { name: subject.networkName, sha256: null },
    pool: createPostprocessPool({ startNow: true }),
  });
  try {
    const image = await readPng(imagePath);
    const planes = new Float32Array(batchSize * network.config.inChannels * windowPx ** 2);
    for (let index = 0; index < batchSize; index++) {
      cutWindow(image, plan, { index, planes, offset: (index * planes.length) / batchSize, padding });
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

/** As `hovernet infer` does by default, in a process that has done it before; gives the number of nuclei. */
async function segmentFile(
  { network, imagePath, config }: OpenedSubject,
  segmenter: SegmentImagesOptions['segmenter'],
  signal: AbortSignal,
): Promise<number> {
  const { reports } = await segmentImages([{ name: 'result', path: imagePath }], {
    segmenter,
    folder: config.outputDir,
    formats: listFormats(config),
    isTyped: network.config.outClasses > 0,
    skipExisting: false,
    reporter: createSilentReporter(),
    signal,
  });
  return reports[0]!.nuclei!;
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
