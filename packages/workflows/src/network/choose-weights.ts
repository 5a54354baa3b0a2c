// Which weights a workflow reads: those that the user names, or those that come with this project.
import { FileError } from '@hovernet/core';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxUrl, weightsUrl } from '@hovernet/weights-lite-consep';

/** What `weights` names the shipped ones by. */
const shippedName = 'lite-consep';

/** Endings of what trainings of this project and of others leave. */
const endings = ['.safetensors', '.pt', '.pth', '.tar', '.onnx'];

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
  /** What `weights` would have to say to choose them. */
  readonly name: string;
  /** Why they are other ones than the configuration names; null where they are not. */
  readonly note: string | null;
}

/**
 * The file that `weightsPath` names, with another ending where only that is there: bundles say `model.pt` of what this project saves as
 * `model.safetensors`. `lite-consep` is the network of `@hovernet/weights-lite-consep`, which is also taken in place of a missing
 * file where `mayTakeShipped`.
 * @throws FileError for a file that is not there, naming the weights beside it.
 */
export function chooseWeights(
  weightsPath: string,
  { mayTakeShipped = false }: { readonly mayTakeShipped?: boolean } = {},
): ChosenWeights {
  const named = findShippedWeights(weightsPath);
  if (named !== undefined) return { path: named, name: weightsPath, note: null };
  if (isAddress(weightsPath) || existsSync(weightsPath)) return { path: weightsPath, name: weightsPath, note: null };
  const other = findOtherEnding(weightsPath);
  if (other !== undefined) return { path: other, name: other, note: `${weightsPath} is not there: reading ${other}` };
  if (!mayTakeShipped) throw refuseMissing(weightsPath);
  const note =
    `no weights given and none at ${weightsPath}: taking ${shippedName}, trained on colon tissue at 0.25 µm per pixel ` +
    '(CoNSeP, data for research); give --weights for others';
  return { path: fileURLToPath(weightsUrl), name: shippedName, note };
}

/** The file at `path` with another ending of weights, where there is one. */
export function findOtherEnding(path: string): string | undefined {
  if (!endings.includes(extname(path).toLowerCase())) return undefined;
  const stem = join(dirname(path), basename(path, extname(path)));
  return endings.map((ending) => stem + ending).find((candidate) => existsSync(candidate));
}

function refuseMissing(path: string): FileError {
  const there = listWeights(dirname(path));
  const remedy = there.length === 0 ? 'or train first' : `there is ${there.join(', ')}, which --weights takes`;
  return new FileError(path, `no such file; check the path, ${remedy}`, { missing: true });
}

/** Weights in `folder` and its `stage0`, where the first stage of a training leaves them. */
function listWeights(folder: string): string[] {
  return [folder, join(folder, 'stage0')].flatMap((place) => {
    try {
      const names = readdirSync(place).filter((name) => endings.includes(extname(name).toLowerCase()));
      return names.sort().map((name) => join(place, name));
    } catch {
      return [];
    }
  });
}

function isAddress(path: string): boolean {
  return /^[a-z][a-z+]+:\/\//i.test(path);
}
