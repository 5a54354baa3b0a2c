import { describe, expect, it } from 'vitest';
import { probeEngines } from '../../src/doctor/probe-engines.js';
import { describeMachine } from '../../src/doctor/run-doctor.js';
import type { ProbeOutcome, ProbeTarget } from '@hovernet/onnx/node';

/** A machine where only these work; values are notes. */
function machineWith(working: Record<string, string>) {
  return ({ engine, provider }: ProbeTarget): Promise<ProbeOutcome> => {
    const note = working[`${engine}/${provider}`];
    const usable = note !== undefined;
    const problem = usable ? '' : `no ${provider}`;
    return Promise.resolve({ result: { present: true, usable, problem, note: note ?? '' }, output: '', death: '' });
  };
}

describe('probeEngines', () => {
  it('lists every provider and backend in its order, with the reason of those that do not work', async () => {
    const { engines } = await probeEngines(machineWith({ 'onnx/cpu': '', 'tfjs/cpu': '' }));
    expect(engines.map(({ engine, provider }) => `${engine}/${provider}`)).toEqual([
      ...['onnx/cpu', 'onnx/webgpu', 'onnx/cuda', 'onnx/tensorrt', 'onnx/dml', 'onnx/coreml'],
      ...['tfjs/tensorflow', 'tfjs/webgpu', 'tfjs/wasm', 'tfjs/cpu'],
    ]);
    for (const { provider, usable, reason } of engines) expect(reason).toBe(usable ? '' : `no ${provider}`);
  });

  it('says what runs by default, and what auto is', async () => {
    const working = { 'onnx/cpu': '', 'onnx/cuda': '', 'tfjs/tensorflow': '', 'tfjs/wasm': '', 'tfjs/cpu': '' };
    expect(await probeEngines(machineWith(working))).toMatchObject({
      runs: 'onnx/cpu',
      auto: { onnx: 'cpu', tfjs: 'tensorflow' },
    });
  });

  it('passes over software adapters, as auto does', async () => {
    const working = { 'tfjs/webgpu': 'software (SwiftShader), slow: auto passes over it', 'tfjs/wasm': '' };
    expect((await probeEngines(machineWith(working))).auto).toEqual({ onnx: null, tfjs: 'wasm' });
  });

  it('counts an engine as present whose process died', async () => {
    const death = 'the process ended with SIGSEGV';
    const { engines, runs } = await probeEngines(() => Promise.resolve({ result: undefined, output: '', death }));
    expect(engines.every(({ present, usable, reason }) => present && !usable && reason === death)).toBe(true);
    expect(runs).toBeNull();
  });
});

describe('describeMachine', () => {
  it('says it where nothing works', async () => {
    const { summary, document } = describeMachine(await probeEngines(machineWith({})));
    expect(summary).toMatch(/^The default, onnx\/cpu, is not usable; no backend of tfjs is usable\.$/m);
    expect(document).toMatchObject({ runs: null, auto: { onnx: null, tfjs: null } });
  });

  it('shows reasons and notes beside each other', async () => {
    const { summary } = describeMachine(await probeEngines(machineWith({ 'onnx/cpu': '', 'tfjs/webgpu': 'software' })));
    expect(summary).toMatch(/^onnx {4}cpu +yes +yes$/m);
    expect(summary).toMatch(/^onnx {4}cuda +yes +no +no cuda$/m);
    expect(summary).toMatch(/^tfjs {4}webgpu +yes +yes +software$/m);
  });
});
