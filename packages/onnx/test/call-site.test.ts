import { describe, expect, it } from 'vitest';
import { findCallSite } from '../src/call-site.js';

describe('findCallSite', () => {
  it('takes the innermost frame outside TensorFlow.js and the tracer', () => {
    const stack = [
      "Error: Kernel 'Unique' not registered",
      '    at Engine.runKernel (/app/node_modules/@tensorflow/tfjs-core/src/engine.ts:528:13)',
      '    at unique_ (/app/node_modules/@tensorflow/tfjs-core/src/ops/unique.ts:70:29)',
      '    at computeLoss (file:///app/src/loss.ts:12:34)',
      '    at traceFunction (/app/node_modules/@hovernet/onnx/dist/trace.js:60:10)',
      '    at main (file:///app/src/main.ts:3:1)',
    ].join('\n');
    expect(findCallSite(stack)).toBe('file:///app/src/loss.ts:12:34');
  });

  it('reads frames without a function and frames of other browsers', () => {
    expect(findCallSite('Error\n    at /app/a.js:1:2')).toBe('/app/a.js:1:2');
    expect(findCallSite('run@https://host/tfjs.min.js:1:5\nloss@https://host/app.js:7:9')).toBe(
      'https://host/app.js:7:9',
    );
    expect(findCallSite('Error\n    at async load (file:///a.mjs:5:6)')).toBe('file:///a.mjs:5:6');
  });

  it('finds nothing where nothing is shown', () => {
    expect(findCallSite(undefined)).toBeUndefined();
    expect(findCallSite('Error: no frames')).toBeUndefined();
  });
});
