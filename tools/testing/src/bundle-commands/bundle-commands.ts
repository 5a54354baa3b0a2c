// The commands of MONAI's bundle as they are typed, in an order in which each finds what it needs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEvaluation } from './check-evaluation.js';
import { checkInference } from './check-inference.js';
import { checkPreparation } from './check-preparation.js';
import { expectEqual, expectThat, readWrittenJson, type CheckedRun } from './check-run.js';
import { checkpointFolder, checkTraining, type TrainingExpectation } from './check-training.js';
import { readSafetensors, type WeightTensor } from './read-files.js';

export interface BundleCommand {
  /** For a POSIX shell; names the variables of the project. */
  readonly line: string;
  /** What it takes beside `hovernet`; `nx` runs in the root of the workspace, everything else in the project. */
  readonly needs?: 'mpirun' | 'nx';
  /** Exit codes of a run that may be right. @default [0] */
  readonly exitCodes?: readonly number[];
  /** What is to be kept before the command replaces it. */
  readonly before?: (projectFolder: string) => ReadonlyMap<string, WeightTensor>;
  /** Throws where the results are not what they should be. */
  readonly check: (run: CheckedRun, kept: ReadonlyMap<string, WeightTensor>) => void;
}

const training = (line: string, expected: TrainingExpectation): BundleCommand => ({
  line,
  check: (run) => checkTraining(run, expected),
});

/** A second stage, which starts from the first one's weights. */
const secondStage = (line: string): BundleCommand => ({
  line,
  before: (folder) => readSafetensors(join(folder, checkpointFolder(0), 'model.safetensors')).tensors,
  check(run, start) {
    checkTraining(run, { stage: 1, frozen: false, start });
    expectThat('a message that names stage 0', /models\/stage0\/model\.safetensors: /.test(run.stderr));
  },
});

/** Two processes; the first one writes. */
const together = (command: BundleCommand): BundleCommand => ({
  ...command,
  needs: 'mpirun',
  check(run, kept) {
    expectThat('a message that names 2 processes', run.stderr.includes(', 2 processes; '));
    command.check(run, kept);
  },
});

const inference = (line: string, folder: string, also: (run: CheckedRun) => void = () => {}): BundleCommand => ({
  line,
  check(run) {
    checkInference(run, folder);
    also(run);
  },
});

const nxTargets = (commands: readonly BundleCommand[]): BundleCommand[] =>
  commands.map((command) => ({ ...command, needs: 'nx' }));

const multiGpu = `"['configs/train.json','configs/multi_gpu_train.json']"`;
const tensorRt = `"['configs/inference.json','configs/inference_trt.json']"`;
const gpuMessage = /the network runs on \w+, float16\n/;

const preparation: readonly BundleCommand[] = [
  {
    line: 'hovernet prepare --root "$ROOT" --phase Train Test --type valid --is png --ls mat --ps 200 200 --ss 100 100',
    check: (run) => checkPreparation(run, 'data/Prepared', { patchPx: 200, stepPx: 100, mirrored: false }),
  },
  {
    line: 'hovernet prepare --root "$ROOT"',
    check: (run) => checkPreparation(run, 'data/Prepared', { patchPx: 540, stepPx: 164, mirrored: true }),
  },
];

const stages: readonly BundleCommand[] = [
  training('hovernet run --config_file configs/train.json --stage 0 --dataset_dir "$DATA"', { stage: 0, frozen: true }),
  {
    line: 'hovernet run --config_file configs/train.json --network_def#pretrained_url "$ENCODER_URL" --stage 0 --dataset_dir "$DATA"',
    check(run) {
      expectThat('an encoder that was asked for', run.encoder.size > 0);
      checkTraining(run, { stage: 0, frozen: true, start: run.encoder });
    },
  },
  secondStage(
    'hovernet run --config_file configs/train.json --network_def#freeze_encoder False --stage 1 --dataset_dir "$DATA"',
  ),
];

const evaluationAndInference: readonly BundleCommand[] = [
  {
    line: `hovernet run --config_file "['configs/train.json','configs/evaluate.json']" --dataset_dir "$DATA"`,
    check: (run) => checkEvaluation(run),
  },
  inference(
    'hovernet run --config_file configs/inference.json --dataset_dir "$IMAGES" --output_dir "$RESULTS"',
    'results',
  ),
  {
    line: `hovernet run --config_file ${tensorRt}`,
    exitCodes: [0, 1],
    check(run) {
      if (run.exitCode === 0) {
        expectThat('a message that names the GPU', gpuMessage.test(run.stderr));
        return checkInference(run, 'eval');
      }
      const sentences = run.stderr.trim().split('\n');
      expectEqual(`messages, which are ${JSON.stringify(sentences)}`, sentences.length, 1);
      const sentence = /^hovernet: engine#provider: expected a GPU for tensorrt or cuda .*; or give --allow_cpu to run/;
      expectThat('a sentence that says what is missing', sentence.test(sentences[0]!));
      expectThat('no maps', !existsSync(join(run.project.folder, 'eval', 'infer_config.json')));
    },
  },
  inference(`hovernet run --config_file ${tensorRt} --allow_cpu True`, 'eval', ({ stderr }) => {
    const onCpu = stderr.includes('; the network runs on the CPU, float16, for comparison\n');
    expectThat('a message that says what runs', onCpu || gpuMessage.test(stderr));
  }),
  inference('hovernet run --args_file args.json --output_dir "$RESULTS/args"', 'results/args', (run) => {
    const { sw_batch_size: batch } = readWrittenJson(run, 'results/args', 'infer_config.json');
    expectEqual('sw_batch_size, of args.json alone', batch, 2);
    expectThat('no results where the command line overrides', !existsSync(join(run.project.folder, 'not-this')));
  }),
  inference(
    'hovernet run --config_file configs/inference.json --meta_file configs/metadata.json --logging_file configs/logging.conf',
    'eval',
    (run) => {
      const { _meta_: meta } = readWrittenJson(run, 'eval', 'infer_config.json') as { _meta_?: { version?: string } };
      const packaged = JSON.parse(readFileSync(join(run.project.folder, 'configs/metadata.json'), 'utf8')) as object;
      expectEqual('metadata', meta, packaged);
    },
  ),
  inference('hovernet run --config_file configs/inference.json --logging_file logging.json', 'eval', (run) => {
    expectEqual('messages at level WARNING', run.stderr, '');
  }),
];

const shorthands: readonly BundleCommand[] = [
  training('hovernet train --config_file configs/train.json', { stage: 0, frozen: true }),
  { line: 'hovernet evaluate --dataset_dir "$DATA"', check: (run) => checkEvaluation(run) },
  inference('hovernet infer --dataset_dir "$IMAGES" --output_dir "$RESULTS"', 'results'),
];

/** What the model zoo's tests override. */
const zooOverrides: readonly BundleCommand[] = [
  training(
    'hovernet run --config_file configs/train.json --dataset_dir "$DATA" --epochs 2 --train#dataloader#num_workers 1 --validate#dataloader#num_workers 1',
    { stage: 0, frozen: true, epochs: 2 },
  ),
  {
    line: `hovernet run --config_file "['configs/train.json','configs/evaluate.json']" --validate#handlers#0#_disabled_ true`,
    check: (run) => checkEvaluation(run),
  },
  inference('hovernet run --config_file configs/inference.json --handlers#0#_disabled_ true', 'eval'),
];

const processes: readonly BundleCommand[] = [
  together(
    training(
      `mpirun -n 2 npx hovernet run --config_file ${multiGpu} --batch_size 8 --network_def#freeze_encoder True --stage 0 --dataset_dir "$DATA"`,
      { stage: 0, frozen: true },
    ),
  ),
  together(
    secondStage(
      `mpirun -n 2 npx hovernet run --config_file ${multiGpu} --batch_size 4 --network_def#freeze_encoder False --stage 1 --dataset_dir "$DATA"`,
    ),
  ),
];

const targets: readonly BundleCommand[] = nxTargets([
  {
    line: 'nx run workflows:prepare --configuration=full --root "$ROOT" --out "$PROJECT/nx/prepared" --type valid --ps 200 200 --ss 100 100',
    check: (run) => checkPreparation(run, 'nx/prepared', { patchPx: 200, stepPx: 100, mirrored: false }),
  },
  training(
    'nx run workflows:train --configuration=full --config_file "$PROJECT/configs/train.json" --bundle_root "$PROJECT/nx" --dataset_dir "$DATA" --network_def#freeze_encoder False',
    { stage: 0, frozen: false, root: 'nx/' },
  ),
  {
    line: `nx run workflows:evaluate --configuration=full --config_file "['$PROJECT/configs/train.json','$PROJECT/configs/evaluate.json']" --bundle_root "$PROJECT/nx" --weights "$PROJECT/nx/models/stage0/model.safetensors" --dataset_dir "$DATA"`,
    check: (run) => checkEvaluation(run, 'nx/eval'),
  },
  inference(
    'nx run workflows:infer --configuration=full --weights "$PROJECT/nx/models/stage0/model.safetensors" --dataset_dir "$IMAGES" --output_dir "$PROJECT/nx/results"',
    'nx/results',
  ),
]);

/** In the order of the bundle's documentation. */
export const bundleCommands: readonly BundleCommand[] = [
  ...preparation,
  ...stages,
  ...evaluationAndInference,
  ...shorthands,
  ...zooOverrides,
  ...processes,
  ...targets,
];

/** Throws unless `run` ended as `command` should, and left what it should. */
export function checkCommand(command: BundleCommand, run: CheckedRun, kept: ReadonlyMap<string, WeightTensor>): void {
  const { exitCodes = [0] } = command;
  if (run.exitCode === null || !exitCodes.includes(run.exitCode)) {
    const said = run.stderr.trim().split('\n').slice(-5).join('\n');
    throw new Error(`expected exit code ${exitCodes.join(' or ')}, got ${run.exitCode}: ${said}`);
  }
  expectThat("no library's advice among the messages", !run.stderr.includes('===='));
  command.check(run, kept);
}
