// Public interface of @hovernet/files: what runs in Node and in browsers. Files on disk are read behind /node.
export type { NumericArray, NumericData, NumericDtype } from './numeric-array.js';
export type { ReadLimits } from './memory-budget.js';
export { summarizeNumbers, type NumberSummary } from './summarize-numbers.js';
export { isNumericArray } from './mat/mat-value.js';
export type {
  MatCell,
  MatFunction,
  MatObject,
  MatOpaque,
  MatRecord,
  MatStruct,
  MatText,
  MatValue,
} from './mat/mat-value.js';
export { fillSparse, type MatSparse } from './mat/sparse.js';
export { decodeMat } from './mat/decode-mat.js';
export { decodeNpy, encodeNpy } from './npy/npy.js';
export { decodeNpz, type NamedArrays } from './npy/decode-npz.js';
export { encodeNpz } from './npy/encode-npz.js';
export { encodePngRows, type Palette, type PngRowsOptions } from './png/encode-png-rows.js';
export type { MapRows } from './png/row-chunks.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  type EncodeSafetensorsOptions,
  type SafetensorsContent,
} from './safetensors.js';
export type { StoredDtype, StoredTensor } from './stored-tensor.js';
export { decodeTorchFile, isTorchFile, type DecodeTorchFileOptions } from './torch-file/decode-torch-file.js';
export { encodeTorchFile } from './torch-file/encode-torch-file.js';
export { isStoredTensor, isTorchDictionary, listTorchTensors, type TorchValue } from './torch-file/torch-value.js';
