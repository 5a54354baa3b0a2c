// Which weights a workflow reads: those that it is told, or those that come with this project.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxUrl, weightsUrl } from '@hovernet/weights-lite-consep';
import type { HovernetConfiguration } from '../config/configuration.js';

/** What `weights` names the shipped ones by. */
const shippedName = 'lite-consep';

/** The shipped weights as an ONNX model, where `path` is the file of the shipped weights; undefined for any other file. */
export function findShippedModel(path: string): string | undefined {
  return path === fileURLToPath(weightsUrl) ? fileURLToPath(onnxUrl) : undefined;
}

/** The file of the shipped weights called `name`; undefined for any other name. */
export function findShippedWeights(name: string): string | undefined {
  return name === shippedName ? fileURLToPath(weightsUrl) : undefined;
}

export interface ChosenWeights {
  readonly path: string;
  /** Why they are other ones than the configuration names; null where they are not. */
  readonly note: string | null;
}

/**
 * The file that `weights` names. `lite-consep` is the network of `@hovernet/weights-lite-consep`, and so is the file that
 * training into `bundle_root` leaves where nothing was trained there.
 */
export function chooseWeights({ weightsPath, bundleRoot }: HovernetConfiguration): ChosenWeights {
  const named = findShippedWeights(weightsPath);
  if (named !== undefined) return { path: named, note: null };
  const trained = join(bundleRoot, 'models', 'model.safetensors');
  if (relative(trained, weightsPath) !== '' || existsSync(weightsPath)) return { path: weightsPath, note: null };
  const note =
    `no weights given and none at ${weightsPath}: taking ${shippedName}, trained on colon tissue at 0.25 µm per pixel ` +
    '(CoNSeP, data for research); give --weights for others';
  return { path: fileURLToPath(weightsUrl), note };
}
