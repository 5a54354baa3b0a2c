import { decodeHalfFloats } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type OnnxGraph } from '../../src/graph.js';
import { convertPrecision } from '../../src/precision/convert-precision.js';

const mixed = { precision: 'mixed', float16Ports: false } as const;
const float16 = { precision: 'float16', float16Ports: false } as const;

/** A graph of images `[1, 2, 4, 4]`; pointwise filters `[2, 2, 1, 1]` keep that shape. */
class ImageGraph {
  readonly builder = new GraphBuilder();
  readonly dims = [1, 2, 4, 4];

  input(name = 'x'): string {
    return this.builder.input(name, 'float32', this.dims);
  }

  filters(name: string, values = [1, 0, 0, 1]): string {
    return this.builder.constant(Float32Array.from(values), [2, 2, 1, 1], 'float32', name);
  }

  finish(...outputs: string[]): OnnxGraph {
    outputs.forEach((value, index) => this.builder.output(`y${index}`, value, 'float32', this.dims));
    return this.builder.finish();
  }
}

/** Nodes as text, in order. */
const listNodes = (graph: OnnxGraph) =>
  graph.nodes.map(({ op, inputs, outputs }) => `${outputs.join(' ')} = ${op}(${inputs.join(', ')})`);

const listTypes = (graph: OnnxGraph) =>
  Object.fromEntries([...graph.inputs, ...graph.constants, ...graph.outputs].map(({ name, type }) => [name, type]));

describe('mixed precision', () => {
  it('casts a value once for all that read it, and back for what stays in float32', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const x = images.input();
    const first = builder.emit('Conv', [x, images.filters('a')]);
    const second = builder.emit('Conv', [x, images.filters('b')]);
    const graph = convertPrecision(images.finish(builder.emit('Add', [first, second])), mixed);
    expect(listNodes(graph)).toEqual([
      'x/float16 = Cast(x)',
      'Conv_0 = Conv(x/float16, a)',
      'Conv_1 = Conv(x/float16, b)',
      'Conv_0/float32 = Cast(Conv_0)',
      'Conv_1/float32 = Cast(Conv_1)',
      'y0 = Add(Conv_0/float32, Conv_1/float32)',
    ]);
    expect(listTypes(graph)).toEqual({ x: 'float32', a: 'float16', b: 'float16', y0: 'float32' });
  });

  it('keeps weights that are inputs in float32', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const weight = builder.input('weight', 'float32', [2, 2, 1, 1]);
    const once = builder.emit('Conv', [images.input(), weight]);
    const graph = convertPrecision(images.finish(builder.emit('Conv', [once, weight])), mixed);
    expect(listTypes(graph)).toEqual({ weight: 'float32', x: 'float32', y0: 'float32' });
    expect(listNodes(graph).filter((node) => node.includes('Cast'))).toEqual([
      'x/float16 = Cast(x)',
      'weight/float16 = Cast(weight)',
      'y0 = Cast(y0/float16)',
    ]);
  });

  it('leaves what moves elements between two convolutions in float16', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const first = builder.emit('Conv', [images.input(), images.filters('a')]);
    const active = builder.emit('Relu', [first]);
    const padded = builder.emit('Pad', [active, builder.integers([0, 0, 1, 1, 0, 0, 0, 0])]);
    const part = builder.emit('Slice', [
      padded,
      ...[
        [1, 1],
        [5, 5],
        [2, 3],
      ].map((list) => builder.integers(list)),
    ]);
    const graph = convertPrecision(images.finish(builder.emit('Conv', [part, images.filters('b')])), mixed);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Cast', 'Conv', 'Relu', 'Pad', 'Slice', 'Conv', 'Cast']);
  });

  it('casts before an exact node whose result goes to convolutions alone, and behind it otherwise', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const sum = builder.emit('Add', [images.input(), builder.scalar(1)]);
    const alone = builder.emit('Conv', [builder.emit('Relu', [sum]), images.filters('a')]);
    const shared = builder.emit('Neg', [sum]);
    const both = builder.emit('Conv', [shared, images.filters('b')]);
    const graph = convertPrecision(images.finish(alone, both, builder.emit('Exp', [shared])), mixed);
    expect(listNodes(graph).slice(1)).toEqual([
      'Add_1/float16 = Cast(Add_1)',
      'Relu_2 = Relu(Add_1/float16)',
      'y0/float16 = Conv(Relu_2, a)',
      'y0 = Cast(y0/float16)',
      'Neg_4 = Neg(Add_1)',
      'Neg_4/float16 = Cast(Neg_4)',
      'y1/float16 = Conv(Neg_4/float16, b)',
      'y1 = Cast(y1/float16)',
      'y2 = Exp(Neg_4)',
    ]);
  });

  it('takes a product with a constant matrix to float16 only where its readers are', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const matrix = builder.constant(
      Float32Array.of(1, 0.1, 0.2, 1, 0.3, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1),
      [4, 4],
      'float32',
    );
    const x = images.input();
    const toConvolution = builder.emit('MatMul', [builder.emit('Exp', [x]), matrix]);
    const toLoss = builder.emit('MatMul', [builder.emit('Log', [x]), matrix]);
    const convolved = builder.emit('Conv', [toConvolution, images.filters('a')]);
    const graph = convertPrecision(images.finish(convolved, builder.emit('Exp', [toLoss])), mixed);
    const products = listNodes(graph).filter((node) => node.includes('MatMul('));
    expect(products).toEqual([
      'MatMul_2 = MatMul(Exp_1/float16, constant_0/float16)',
      'MatMul_4 = MatMul(Log_3, constant_0)',
    ]);
  });

  it('keeps the gradient of ReLU, whose slope float16 cannot hold, in float32', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const step = builder.emit('HardSigmoid', [y], { alpha: { float: 1e38 }, beta: { float: 0 } });
    const graph = images.finish(step);
    for (const options of [mixed, float16]) {
      const nodes = listNodes(convertPrecision(graph, options));
      expect(nodes).toContain('y0 = HardSigmoid(Conv_0/float32)');
    }
  });

  it('makes booleans float16 numbers at once', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const mask = builder.emit('Cast', [builder.emit('Greater', [y, builder.scalar(0)])], { to: 1 });
    const graph = convertPrecision(images.finish(builder.emit('Conv', [mask, images.filters('b')])), mixed);
    expect(listNodes(graph).slice(2, 4)).toEqual([
      'Greater_2 = Greater(Conv_0, constant_1)',
      'Cast_3 = Cast(Greater_2)',
    ]);
    expect(graph.nodes[3]!.attributes).toEqual({ to: 10 });
  });

  it('reads an output of the graph in the type that it was computed in', () => {
    const images = new ImageGraph();
    const first = images.builder.emit('Conv', [images.input(), images.filters('a')]);
    const second = images.builder.emit('Conv', [first, images.filters('b')]);
    const graph = convertPrecision(images.finish(first, second), mixed);
    expect(listNodes(graph).slice(1)).toEqual([
      'y0/float16 = Conv(x/float16, a)',
      'y0 = Cast(y0/float16)',
      'y1/float16 = Conv(y0/float16, b)',
      'y1 = Cast(y1/float16)',
    ]);
  });

  it('casts a value that is an output under two names for each', () => {
    const images = new ImageGraph();
    const y = images.builder.emit('Conv', [images.input(), images.filters('a')]);
    expect(listNodes(convertPrecision(images.finish(y, y), mixed)).slice(1)).toEqual([
      'y0/float16 = Conv(x/float16, a)',
      'y0 = Cast(y0/float16)',
      'y1 = Identity(y0)',
    ]);
  });

  it('takes other names where its own are in use', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const x = images.input();
    const taken = images.input('x/float16');
    const graph = convertPrecision(
      images.finish(builder.emit('Conv', [x, images.filters('a')]), builder.emit('Exp', [taken])),
      mixed,
    );
    expect(listNodes(graph)[0]).toBe('x/float16_ = Cast(x)');
  });

  it('leaves operators alone that it does not know', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const own = builder.emit('Own', [y], {}, 'org.example');
    const graph = convertPrecision(images.finish(builder.emit('Relu', [own])), float16);
    expect(listNodes(graph).slice(2)).toEqual([
      'Conv_0/float32 = Cast(Conv_0)',
      'Own_1 = Own(Conv_0/float32)',
      'y0 = Relu(Own_1)',
    ]);
  });
});

describe('float16 for inference', () => {
  it('computes in float16 but for what loses digits or range', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const scaled = builder.emit('Mul', [y, builder.emit('Sigmoid', [y])]);
    const graph = convertPrecision(images.finish(builder.emit('Softmax', [scaled], { axis: 1 })), float16);
    expect(listNodes(graph)).toEqual([
      'x/float16 = Cast(x)',
      'Conv_0 = Conv(x/float16, a)',
      'Sigmoid_1 = Sigmoid(Conv_0)',
      'Mul_2 = Mul(Conv_0, Sigmoid_1)',
      'Mul_2/float32 = Cast(Mul_2)',
      'y0 = Softmax(Mul_2/float32)',
    ]);
  });

  it('stores weights rounded to nearest, ties to even, and small ones as zero', () => {
    const images = new ImageGraph();
    const values = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -24 * 1.5, 2 ** -26];
    const y = images.builder.emit('Conv', [images.input(), images.filters('a', values)]);
    const { constants } = convertPrecision(images.finish(y), float16);
    expect(constants.map(({ name, type }) => [name, type])).toEqual([['a', 'float16']]);
    const stored = decodeHalfFloats(constants[0]!.data as Uint16Array);
    expect([...stored]).toEqual([1, 1 + 2 ** -9, 2 ** -23, 0]);
  });

  it('keeps nodes in float32 whose constants float16 cannot hold: too large, or all too small', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const large = builder.emit('Conv', [images.input(), images.filters('a', [1, 65520, 0, 1])]);
    const small = builder.emit('Add', [large, builder.scalar(1e-8)]);
    const graph = convertPrecision(images.finish(small), float16);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Conv', 'Add']);
    expect(listTypes(graph)).toMatchObject({ a: 'float32' });
  });

  it('stores a constant in both types where both are read', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const half = builder.constant(Float32Array.of(0.1), [1], 'float32', 'half');
    const y = builder.emit('Mul', [builder.emit('Conv', [images.input(), images.filters('a')]), half]);
    const graph = convertPrecision(images.finish(y, builder.emit('Div', [y, half])), float16);
    expect(listTypes(graph)).toMatchObject({ half: 'float32', 'half/float16': 'float16' });
  });

  it('leaves the scales of Resize in float32', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const scales = builder.constant(Float32Array.of(1, 1, 1, 1), [4], 'float32', 'scales');
    const graph = convertPrecision(
      images.finish(builder.emit('Resize', [y, '', scales], { mode: 'nearest' })),
      float16,
    );
    expect(listNodes(graph)[2]).toBe('y0/float16 = Resize(Conv_0, , scales)');
    expect(listTypes(graph)).toMatchObject({ scales: 'float32' });
  });

  it('has float16 inputs and outputs where asked', () => {
    const images = new ImageGraph();
    const { builder } = images;
    const y = builder.emit('Conv', [images.input(), images.filters('a')]);
    const graph = convertPrecision(images.finish(y, builder.emit('Exp', [y])), { ...float16, float16Ports: true });
    expect(listNodes(graph)).toEqual([
      'y0 = Conv(x, a)',
      'y0/float32 = Cast(y0)',
      'y1/float32 = Exp(y0/float32)',
      'y1 = Cast(y1/float32)',
    ]);
    expect(listTypes(graph)).toEqual({ x: 'float16', a: 'float16', y0: 'float16', y1: 'float16' });
  });
});
