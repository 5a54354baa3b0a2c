// Comparisons, logic and selection. As in TensorFlow.js, NaN equals nothing and is neither less nor greater.
import type { Recorder } from '../recorder.js';
import { splatValue, type TracedType, type Value } from '../value.js';
import { cast, computingType, mapElements } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';

function compare(recorder: Recorder, op: string, a: Value, b: Value): Value {
  const type = computingType(a, b);
  return recorder.elementwise(op, [cast(recorder, a, type), cast(recorder, b, type)], 'bool');
}

function comparison(op: string): Lowering {
  return (recorder, { a, b }) => compare(recorder, op, a!, b!);
}

function logic(op: string): Lowering {
  return (recorder, { a, b }) =>
    recorder.elementwise(op, [cast(recorder, a!, 'bool'), cast(recorder, b!, 'bool')], 'bool');
}

/** A test of float32 values whose answer is known for other types. */
function classification(otherwise: 0 | 1, test: (recorder: Recorder, x: Value) => Value): Lowering {
  return (recorder, { x }) => (x!.type === 'float32' ? test(recorder, x!) : splatValue(otherwise, x!.shape, 'bool'));
}

const select: Lowering = (recorder, { condition, t, e }) => {
  const type: TracedType = t!.type === e!.type ? t!.type : computingType(t!, e!);
  const chosen = cast(recorder, condition!, 'bool');
  const [yes, no] = [cast(recorder, t!, type), cast(recorder, e!, type)];
  if (type !== 'bool') return recorder.elementwise('Where', [chosen, yes, no], type);
  // ONNX Runtime has no Where of bool.
  const both = (a: Value, b: Value) => recorder.elementwise('And', [a, b], 'bool');
  const kept = both(mapElements(recorder, 'Not', chosen), no);
  return recorder.elementwise('Or', [both(chosen, yes), kept], 'bool');
};

export const comparisonLowerings: LoweringTable = {
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Equal: comparison('Equal'),
  NotEqual: (recorder, { a, b }) => mapElements(recorder, 'Not', compare(recorder, 'Equal', a!, b!)),
  LogicalAnd: logic('And'),
  LogicalOr: logic('Or'),
  LogicalNot: (recorder, { x }) => mapElements(recorder, 'Not', cast(recorder, x!, 'bool')),
  IsNan: classification(0, (recorder, x) => mapElements(recorder, 'IsNaN', x, { type: 'bool' })),
  IsInf: classification(0, (recorder, x) => mapElements(recorder, 'IsInf', x, { type: 'bool' })),
  IsFinite: classification(1, (recorder, x) =>
    recorder.elementwise('Less', [mapElements(recorder, 'Abs', x), splatValue(Infinity, [])], 'bool'),
  ),
  Select: select,
};
