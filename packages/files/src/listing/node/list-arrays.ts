// What is in a file of arrays: names, types, shapes and a summary of the numbers.
import { extname } from 'node:path';
import { UnsupportedError } from '@hovernet/core';
import type { ReadLimits } from '../../memory-budget.js';
import { isNumericArray, type MatRecord, type MatValue } from '../../mat/mat-value.js';
import { readMat } from '../../mat/node/read-mat.js';
import type { MatSparse } from '../../mat/sparse.js';
import { readNpy } from '../../npy/node/npy-files.js';
import { readNpz } from '../../npy/node/npz.js';
import { countElements, numbersPerElement, type NumericArray, type NumericDtype } from '../../numeric-array.js';
import { readFileBytes } from '../../node/read-file-bytes.js';
import { readTorchFile } from '../../node/read-torch-file.js';
import { readImageSamples } from '../../png/node/read-image.js';
import { decodeSafetensors } from '../../safetensors.js';
import type { StoredDtype, StoredTensor } from '../../stored-tensor.js';
import { summarizeNumbers, type NumberSummary } from '../../summarize-numbers.js';
import { listTorchTensors } from '../../torch-file/torch-value.js';

/**
 * One array of a file. `min`, `max` and `sum` leave NaN out; they are null where no number is left, and for complex
 * numbers, text, cells, structures and objects.
 */
export interface ArraySummary extends NumberSummary {
  /**
   * Its name in the file; `array` in .npy, `image` in images. What is inside others has their names before its own, joined
   * by `/`: fields `record/field`, cells and elements of structure arrays by their number in C order from 0, `cells/0`.
   */
  readonly name: string;
  /** That of the elements; `char`, `cell`, `struct`, `object`, `function` or `opaque` for what MATLAB has besides numbers. */
  readonly dtype: NumericDtype | StoredDtype | Exclude<MatValue['dtype'], 'sparse'>;
  readonly shape: readonly number[];
}

/** The arrays of a file. */
export interface FileSummary {
  readonly format: 'mat' | 'npy' | 'npz' | 'png' | 'jpeg' | 'tiff' | 'safetensors' | 'torch';
  readonly arrays: readonly ArraySummary[];
}

/**
 * Summarises the .mat, .npy, .npz, .png, .jpg, .tif or .safetensors file or PyTorch's .pt, .pth or .tar at `path`, told apart by its
 * ending. Images as they are stored:
 * with their channels, alpha too, and uint16 where they have 16 bits. Cells, structures and objects come before what is in
 * them. Sparse matrices count with their zeros. Of PyTorch's files the tensors are listed, and nothing else.
 * @throws FileError if it is missing or damaged; UnsupportedError for other endings, and without an optional package that
 * the format needs.
 */
export async function listArrays(path: string, limits: ReadLimits = {}): Promise<FileSummary> {
  const ending = extname(path).slice(1).toLowerCase();
  switch (ending) {
    case 'mat':
      return { format: 'mat', arrays: summarizeAll(await readMat(path, limits)) };
    case 'npz':
      return { format: 'npz', arrays: summarizeAll(await readNpz(path, limits)) };
    case 'npy':
      return { format: 'npy', arrays: [summarize('array', await readNpy(path))] };
    case 'png':
    case 'jpg':
    case 'jpeg':
    case 'tif':
    case 'tiff': {
      const { format, samples } = await readImageSamples(path);
      return { format, arrays: [summarize('image', samples)] };
    }
    case 'safetensors':
      return {
        format: 'safetensors',
        arrays: summarizeTensors(decodeSafetensors(await readFileBytes(path), path).tensors),
      };
    case 'pt':
    case 'pth':
    case 'tar':
      return { format: 'torch', arrays: summarizeTensors(listTorchTensors(await readTorchFile(path))) };
    default:
      throw new UnsupportedError(
        `${path}: expected a .mat, .npy, .npz, .png, .jpg, .tif, .safetensors, .pt, .pth or .tar file, got '.${ending}'`,
      );
  }
}

function summarizeAll(values: MatRecord): ArraySummary[] {
  return Array.from(values, ([name, value]) => [...walk(name, value)]).flat();
}

function summarizeTensors(tensors: ReadonlyMap<string, StoredTensor>): ArraySummary[] {
  return Array.from(tensors, ([name, { dtype, shape, data }]) => ({ name, dtype, shape, ...summarizeNumbers(data) }));
}

function* walk(name: string, value: MatValue): Generator<ArraySummary> {
  if (isNumericArray(value)) return yield summarize(name, value);
  if (value.dtype === 'sparse') return yield summarizeSparse(name, value);
  yield { name, dtype: value.dtype, shape: value.shape, min: null, max: null, sum: null };
  if (value.dtype === 'cell') {
    for (const [index, cell] of value.data.entries()) yield* walk(`${name}/${index}`, cell);
  } else if (value.dtype === 'struct' || value.dtype === 'object') {
    for (const [index, record] of value.data.entries()) {
      const prefix = value.data.length === 1 ? name : `${name}/${index}`;
      for (const [field, content] of record) yield* walk(`${prefix}/${field}`, content);
    }
  }
}

function summarize(name: string, { dtype, shape, data }: NumericArray): ArraySummary {
  return { name, dtype, shape, ...summarizeNumbers(numbersPerElement(dtype) === 1 ? data : []) };
}

function summarizeSparse(name: string, { shape, data: { values } }: MatSparse): ArraySummary {
  const stored = summarize(name, values);
  const hasZeros = values.shape[0]! < countElements(shape) && numbersPerElement(values.dtype) === 1;
  if (!hasZeros) return { ...stored, shape };
  const { min, max, sum } = stored;
  return { ...stored, shape, min: Math.min(min ?? 0, 0), max: Math.max(max ?? 0, 0), sum: sum ?? 0 };
}
