// Encodes a graph as an ONNX model (protocol buffers, field numbers of onnx.proto3; opset 17, IR version 8).
import { UnsupportedError } from '@hovernet/core';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ELEMENT_TYPE_CODES } from './element-types.js';
import type { Attribute, ConstantData, GraphConstant, GraphNode, GraphPort, OnnxGraph } from './graph.js';

const OPSET = 17;
const IR_VERSION = 8;
/** A protocol buffer's lengths are 31 bits. */
const LARGEST_MODEL = 2 ** 31 - 1;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTEGERS = 7;

/**
 * Bytes of a valid ONNX model. `metadata` becomes its metadata_props. Elements of constants are copied once.
 * @throws UnsupportedError for a model of 2 GiB or more, which the format cannot hold.
 */
export function encodeModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  // Checked first: the writer accepts no larger lengths.
  assertLength(graph.constants.reduce((sum, constant) => sum + constant.data.byteLength, 0));
  const graphParts = encodeGraph(graph);
  const head = encode((writer) => {
    writer.tag(1, WireType.Varint).int64(IR_VERSION);
    writer.tag(2, WireType.LengthDelimited).string('hovernet');
    writer.tag(7, WireType.LengthDelimited).uint32(lengthOf(graphParts));
  });
  const parts = [head, ...graphParts, encode((writer) => writeModelEnd(writer, graph, metadata))];
  assertLength(lengthOf(parts));
  return joinParts(parts);
}

function assertLength(length: number): void {
  if (length <= LARGEST_MODEL) return;
  throw new UnsupportedError(
    `encodeModel: expected a model of less than 2 GiB, which is what one file of this format holds, got ${(length / 2 ** 30).toFixed(1)} GiB; leave weights as inputs, or store them as float16`,
  );
}

/** The graph in pieces, so that large constants are copied only when the whole is put together. */
function encodeGraph(graph: OnnxGraph): Uint8Array[] {
  const parts = [
    encode((writer) => {
      for (const node of graph.nodes) writeMessage(writer, 1, () => writeNode(writer, node));
      writer.tag(2, WireType.LengthDelimited).string('graph');
    }),
  ];
  for (const constant of graph.constants) {
    const elements = bytesOf(constant.data);
    parts.push(encodeConstantHead(constant, elements.length), elements);
  }
  parts.push(
    encode((writer) => {
      for (const port of graph.inputs) writeMessage(writer, 11, () => writePort(writer, port));
      for (const port of graph.outputs) writeMessage(writer, 12, () => writePort(writer, port));
    }),
  );
  return parts;
}

function writeModelEnd(writer: BinaryWriter, graph: OnnxGraph, metadata: Readonly<Record<string, string>>): void {
  for (const domain of new Set(['', ...graph.nodes.map((node) => node.domain)])) {
    writeMessage(writer, 8, () => {
      writer.tag(1, WireType.LengthDelimited).string(domain);
      writer.tag(2, WireType.Varint).int64(domain === '' ? OPSET : 1);
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    writeMessage(writer, 14, () => {
      writer.tag(1, WireType.LengthDelimited).string(key);
      writer.tag(2, WireType.LengthDelimited).string(value);
    });
  }
}

function encode(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, field: number, body: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body();
  writer.join();
}

function writeNode(writer: BinaryWriter, node: GraphNode): void {
  for (const name of node.inputs) writer.tag(1, WireType.LengthDelimited).string(name);
  for (const name of node.outputs) writer.tag(2, WireType.LengthDelimited).string(name);
  writer.tag(3, WireType.LengthDelimited).string(node.outputs[0]!);
  writer.tag(4, WireType.LengthDelimited).string(node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    writeMessage(writer, 5, () => writeAttribute(writer, name, value));
  }
  writer.tag(7, WireType.LengthDelimited).string(node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  writer.tag(1, WireType.LengthDelimited).string(name);
  let code = ATTRIBUTE_INTEGERS;
  if (typeof value === 'number') {
    writer.tag(3, WireType.Varint).int64(value);
    code = ATTRIBUTE_INTEGER;
  } else if (typeof value === 'string') {
    writer.tag(4, WireType.LengthDelimited).string(value);
    code = ATTRIBUTE_STRING;
  } else if ('float' in value) {
    writer.tag(2, WireType.Bit32).float(value.float);
    code = ATTRIBUTE_FLOAT;
  } else {
    for (const item of value) writer.tag(8, WireType.Varint).int64(item);
  }
  writer.tag(20, WireType.Varint).int32(code);
}

/** A constant's message up to its elements, `elementBytes` long, which are its last field. */
function encodeConstantHead(constant: GraphConstant, elementBytes: number): Uint8Array {
  const fields = encode((writer) => {
    for (const length of constant.dims) writer.tag(1, WireType.Varint).int64(length);
    writer.tag(2, WireType.Varint).int32(ELEMENT_TYPE_CODES[constant.type]);
    writer.tag(8, WireType.LengthDelimited).string(constant.name);
    writer.tag(9, WireType.LengthDelimited).uint32(elementBytes);
  });
  return encode((writer) => {
    writer.tag(5, WireType.LengthDelimited).uint32(fields.length + elementBytes);
    writer.raw(fields);
  });
}

function writePort(writer: BinaryWriter, port: GraphPort): void {
  writer.tag(1, WireType.LengthDelimited).string(port.name);
  writeMessage(writer, 2, () =>
    writeMessage(writer, 1, () => {
      writer.tag(1, WireType.Varint).int32(ELEMENT_TYPE_CODES[port.type]);
      writeMessage(writer, 2, () => {
        port.dims.forEach((length, axis) => {
          const symbol = port.symbols?.[axis];
          writeMessage(writer, 1, () => {
            if (symbol === undefined) writer.tag(1, WireType.Varint).int64(length);
            else writer.tag(2, WireType.LengthDelimited).string(symbol);
          });
        });
      });
    }),
  );
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
