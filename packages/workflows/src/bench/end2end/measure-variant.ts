// The two rows of the bundle's table for one way to run the network.
import { join } from 'node:path';
import { readPng, encodePng, writeFileAtomic } from '@hovernet/data';
import { encodeNifti, formatNuclei, renderOverlay } from '@hovernet/export';
import { createInferenceProgram, toConstants } from '@hovernet/model';
import { segmentNuclei } from '@hovernet/postprocess';
import type { Engine, Executable } from '@hovernet/ops';
import { cutWindow } from '@hovernet/transforms';
import { createTilePredictor, type TilePredictor } from '../../inference/tile-predictor.js';
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
  { network, imagePath, plan, windows, batchSize, folder }: OpenedSubject,
  { variant, options }: { readonly variant: Variant; readonly options: BenchOptions },
  context: WorkflowContext,
): AsyncGenerator<BenchCase, void, undefined> {
  const { provider, precision } = variant;
  const { engine, runner } = await openBenchEngine({ ...options, providers: [provider], precision });
  const windowPx = plan.size.input;
  const program = createInferenceProgram(network.config, { batch: batchSize, height: windowPx, width: windowPx });
  const executable = await engine.compile(program, { constants: toConstants(network.state) });
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
    const predictor = createTilePredictor(reuse(executable), network, { windowPx, batchSize });
    const whole = {
      name: 'end2end',
      runs: options.runs ?? 1,
      runner,
      // The session is warm by now.
      warmUp: false,
      operations: windows * perWindow,
      run: () => segmentFile({ imagePath, folder, predictor, classes: network.classes }, context.signal),
    };
    yield await measureImageCase(whole, context);
  } finally {
    await executable.dispose();
  }
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

interface SegmentedFile {
  readonly imagePath: string;
  readonly folder: string;
  readonly predictor: TilePredictor;
  readonly classes: OpenedSubject['network']['classes'];
}

/** Reads, segments and writes what inference writes by default; gives the number of nuclei. */
async function segmentFile(
  { imagePath, folder, predictor, classes }: SegmentedFile,
  signal: AbortSignal,
): Promise<number> {
  const image = await readPng(imagePath);
  const [height, width] = image.shape as [number, number];
  const segmentation = segmentNuclei(await predictor.predict(image, { signal }));
  const { instanceMap, typeMap, nuclei } = segmentation;
  const document = formatNuclei(segmentation, { width, height, mpp: 0.25, classes });
  await writeFileAtomic(join(folder, 'result_instance_map.nii.gz'), encodeNifti(instanceMap));
  if (typeMap) await writeFileAtomic(join(folder, 'result_type_map.nii.gz'), encodeNifti(typeMap));
  await writeFileAtomic(join(folder, 'result.json'), JSON.stringify(document));
  await writeFileAtomic(join(folder, 'result_overlay.png'), encodePng(renderOverlay(image, nuclei, classes)));
  return nuclei.length;
}
