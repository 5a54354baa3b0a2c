import { expect, describe, it } from 'vitest';
import { parse } from 'yaml';
import { createTemporaryFiles } from '../config/temporary-files.js';
import { parseOutput, runCaptured } from './run-captured.js';

const { folder, write } = createTemporaryFiles();

describe('hovernet config show', () => {
  it('prints every id with its value as YAML, behind the hash', async () => {
    const { exitCode, stdout, stderr } = await runCaptured([
      'config',
      'show',
      '--epochs',
      '3',
      '--bundle_root',
      'here',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^# sha256:[0-9a-f]{64}\nworkflow: train\n/);
    expect(parse(stdout)).toMatchObject({
      ckpt_dir: 'here/models/stage0',
      train: { trainer: { max_epochs: 3 } },
      postprocess: { rules: null },
    });
    expect(parse(stdout)).not.toHaveProperty('epochs');
    expect(stdout).not.toMatch(/[&*]a\d|handlers/);
  });

  it('prints the same as JSON, and a configuration that gives it again', async () => {
    const words = ['config', 'show', '--json', '--config_file', 'configs/inference.json', '--raw'];
    const shown = parseOutput<{ hash: string; configuration: { raw: boolean } }>(await runCaptured(words));
    expect(shown.configuration.raw).toBe(true);
    const file = write('again.json', shown.configuration);
    const again = await runCaptured(['config', 'show', '--json', '--config_file', file]);
    expect(parseOutput(again)).toEqual(shown);
  });

  it('prints one id, of sections, lists and scalars', async () => {
    const epochs = await runCaptured(['config', 'show', 'epochs', '--json', '--epochs', '5']);
    expect(parseOutput(epochs)).toMatchObject({ id: 'epochs', configuration: 5 });
    const { stdout } = await runCaptured(['config', 'show', 'train::dataloader', '--batch_size', '5']);
    expect(parse(stdout)).toMatchObject({ batch_size: 5, shuffle: true });
    const run = await runCaptured(['config', 'show', 'train#handlers#1#interval', '--json', '--val_interval', '7']);
    expect(parseOutput(run)).toMatchObject({ id: 'train#handlers#1#interval', configuration: 7 });
  });

  it('names the id that was likely meant', async () => {
    expect(await runCaptured(['config', 'show', 'optimiser'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'hovernet: configuration optimiser: there is no such id; did you mean optimizer?\n',
    });
  });
});

describe('hovernet config check', () => {
  it.each([
    ['configs/train.json', 'train'],
    ["['configs/train.json','configs/evaluate.json']", 'evaluate'],
    ["['configs/train.json','configs/multi_gpu_train.json']", 'train'],
    ['configs/inference.json', 'infer'],
    ["['configs/inference.json','configs/inference_trt.json']", 'infer'],
  ])('says that %s is right, with the hash', async (files, workflow) => {
    const run = await runCaptured(['config', 'check', '--config_file', files]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(new RegExp(`^ok: ${workflow}, sha256:[0-9a-f]{64}\n$`));
  });

  it('names every problem, one a line', async () => {
    const config = write('bad.yaml', 'epoch: 3\nstage: 2\nnetwork_def: {preset: tin, mood: fast}\n');
    const { exitCode, stdout, stderr } = await runCaptured(['config', 'check', '--config_file', config]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.trim().split('\n').sort()).toEqual([
      'hovernet: configuration epoch: there is no such id; did you mean epochs?',
      'hovernet: configuration network_def#mood: there is no such id; did you mean network_def#mode?',
      'hovernet: configuration network_def#preset: expected base or lite or tiny, got "tin"; did you mean tiny?',
      'hovernet: configuration stage: expected 0 or 1, got 2',
    ]);
  });

  it('refuses another action', async () => {
    const { exitCode, stderr } = await runCaptured(['config', 'print']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Allowed choices are show, check/);
  });
});

describe('hovernet run', () => {
  const nowhere = `${folder}/nowhere`;

  it('takes defaults of its arguments from a JSON or YAML file, which options override', async () => {
    const args = write('args.yaml', `config_file: [configs/train.json]\ndataset_dir: ${nowhere}\nepochs: 2\n`);
    const shown = await runCaptured(['config', 'show', 'epochs', '--args_file', args, '--json']);
    expect(parseOutput(shown)).toMatchObject({ configuration: 2 });
    const other = await runCaptured(['config', 'show', 'epochs', '--args_file', args, '--epochs', '4', '--json']);
    expect(parseOutput(other)).toMatchObject({ configuration: 4 });
    const { exitCode, stderr } = await runCaptured(['run', '--args_file', args]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(nowhere);
  });

  it('takes the name of a list of steps, as older commands of the bundle give it', async () => {
    const words = ['run', 'training', '--config_file', 'configs/train.json', '--dataset_dir', nowhere];
    expect((await runCaptured(words)).stderr).toContain(nowhere);
  });

  it('opens the log that --logging_file names, and refuses a wrong one before any work', async () => {
    const log = write('log.json', { level: 'INFO', file: `${folder}/logs/run.log` });
    const words = ['train', '--dataset_dir', nowhere, '--logging_file'];
    expect((await runCaptured([...words, log])).stderr).toContain(nowhere);
    const wrong = write('wrong.json', { level: 'LOUD' });
    expect((await runCaptured([...words, wrong])).stderr).toMatch(/wrong\.json: expected level DEBUG or INFO/);
    expect((await runCaptured([...words, 'configs/logging.conf'])).stderr).toContain(nowhere);
  });
});
