// What an ONNX model says of itself: inputs, outputs and metadata (field numbers of onnx.proto3). Nodes and weights are passed over.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { FileError } from '@hovernet/core';
import { elementTypeOf } from '../element-types.js';
import type { ElementType } from '../graph.js';

/** An input or output of a model. */
export interface ModelPort {
  readonly name: string;
  /** `other` for element types that this project does not use. */
  readonly type: ElementType | 'other';
  /** Lengths of the axes; a name where an axis may have any length. */
  readonly shape: readonly (number | string)[];
}

export interface ModelHeader {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** Its metadata_props. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the header of a model. `source` names it in errors.
 * @throws FileError for bytes that are no ONNX model.
 */
export function readModelHeader(bytes: Uint8Array, source = 'ONNX model'): ModelHeader {
  const inputs: ModelPort[] = [];
  const outputs: ModelPort[] = [];
  const metadata: Record<string, string> = {};
  const weights = new Set<string>();
  let hasGraph = false;
  try {
    eachField(bytes, {
      7: (graph) => {
        hasGraph = true;
        eachField(graph, {
          5: (tensor) => eachField(tensor, { 8: (name) => void weights.add(toText(name)) }),
          11: (port) => void inputs.push(readPort(port)),
          12: (port) => void outputs.push(readPort(port)),
        });
      },
      14: (entry) => {
        let [key, value] = ['', ''];
        eachField(entry, { 1: (text) => void (key = toText(text)), 2: (text) => void (value = toText(text)) });
        metadata[key] = value;
      },
    });
  } catch (cause) {
    throw new FileError(source, 'expected an ONNX model, got a truncated or other file', { cause });
  }
  if (!hasGraph || outputs.length === 0)
    throw new FileError(source, 'expected an ONNX model, got no graph with outputs');
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs, metadata };
}

function readPort(bytes: Uint8Array): ModelPort {
  let name = '';
  let type: ModelPort['type'] = 'other';
  const shape: (number | string)[] = [];
  const readDimension = (dimension: Uint8Array) => {
    let length: number | string = '?';
    eachField(dimension, { 2: (text) => void (length = toText(text)) }, { 1: (value) => void (length = value) });
    shape.push(length);
  };
  const readTensor = (tensor: Uint8Array) =>
    eachField(
      tensor,
      { 2: (dimensions) => eachField(dimensions, { 1: readDimension }) },
      { 1: (code) => void (type = elementTypeOf(code) ?? 'other') },
    );
  eachField(bytes, {
    1: (text) => void (name = toText(text)),
    2: (kind) => eachField(kind, { 1: readTensor }),
  });
  return { name, type, shape };
}

type Handlers<T> = Readonly<Record<number, (value: T) => void>>;

/** Calls the handler of each field of a message that has one: `messages` for bytes, `integers` for integers. */
function eachField(bytes: Uint8Array, messages: Handlers<Uint8Array>, integers: Handlers<number> = {}): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited && messages[field]) messages[field](reader.bytes());
    else if (wireType === WireType.Varint && integers[field]) integers[field](Number(reader.int64()));
    else reader.skip(wireType);
  }
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
