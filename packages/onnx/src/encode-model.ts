// Encodes a graph as an ONNX model (protocol buffers, field numbers of onnx.proto3; opset 17, IR version 8).
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Attribute, ConstantData, ElementType, GraphConstant, GraphNode, GraphPort, OnnxGraph } from './graph.js';

const OPSET = 17;
const IR_VERSION = 8;
const ELEMENT_TYPE_CODES: Record<ElementType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INTEGER = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTEGERS = 7;

/** Bytes of a valid ONNX model. `metadata` becomes its metadata_props. */
export function encodeModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string('hovernet');
  writeMessage(writer, 7, () => writeGraph(writer, graph));
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
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, field: number, body: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  body();
  writer.join();
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) writeMessage(writer, 1, () => writeNode(writer, node));
  writer.tag(2, WireType.LengthDelimited).string('graph');
  for (const constant of graph.constants) writeMessage(writer, 5, () => writeConstant(writer, constant));
  for (const port of graph.inputs) writeMessage(writer, 11, () => writePort(writer, port));
  for (const port of graph.outputs) writeMessage(writer, 12, () => writePort(writer, port));
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

function writeConstant(writer: BinaryWriter, constant: GraphConstant): void {
  for (const length of constant.dims) writer.tag(1, WireType.Varint).int64(length);
  writer.tag(2, WireType.Varint).int32(ELEMENT_TYPE_CODES[constant.type]);
  writer.tag(8, WireType.LengthDelimited).string(constant.name);
  writer.tag(9, WireType.LengthDelimited).bytes(bytesOf(constant.data));
}

function writePort(writer: BinaryWriter, port: GraphPort): void {
  writer.tag(1, WireType.LengthDelimited).string(port.name);
  writeMessage(writer, 2, () =>
    writeMessage(writer, 1, () => {
      writer.tag(1, WireType.Varint).int32(ELEMENT_TYPE_CODES[port.type]);
      writeMessage(writer, 2, () => {
        for (const length of port.dims) {
          writeMessage(writer, 1, () => writer.tag(1, WireType.Varint).int64(length));
        }
      });
    }),
  );
}

function bytesOf(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
