// Run with: npx vitest bench --root packages/model
import { createRandom } from '@hovernet/core';
import { bench, describe } from 'vitest';
import { decodeSafetensors, decodeTorchFile, encodeSafetensors, encodeTorchFile } from '@hovernet/files';
import { initializeWeights, resolveConfig, type PresetName } from '../src/index.js';

const presets: readonly PresetName[] = ['tiny', 'lite', 'base'];

describe.each(presets)('797 tensors of the preset %s', (preset) => {
  const state = initializeWeights(resolveConfig({ preset, outClasses: 5 }), createRandom(1));
  const torchFile = encodeTorchFile(state);
  const safetensors = encodeSafetensors(state);
  bench('decodeTorchFile', () => void decodeTorchFile(torchFile, 'x.pt'));
  bench('encodeTorchFile', () => void encodeTorchFile(state));
  bench('decodeSafetensors', () => void decodeSafetensors(safetensors, 'x.safetensors'));
  bench('encodeSafetensors', () => void encodeSafetensors(state));
});
