import { ConfigError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../src/config/evaluate-expression.js';
import type { JsonValue } from '../../src/config/json.js';

const values: Record<string, JsonValue> = {
  stage: 1,
  root: 'runs',
  mode: 'fast',
  out_size: 164,
  patch_size: 256,
  'a#b': [1, 2],
  section: { x: 1 },
  flag: false,
};

function evaluate(expression: string): JsonValue {
  return evaluateExpression(expression, 'here', (id) => values[id.replaceAll('::', '#')] ?? null);
}

describe('evaluateExpression', () => {
  it.each([
    ['1 + 2 * 3 - 2 ^ 3 / 4', 5],
    ['1.0 - @out_size / @patch_size', 1 - 164 / 256],
    ['floor((@patch_size - @out_size) / 2)', 46],
    ["@root + '/models'", 'runs/models'],
    ["concat(@root, '/models')", 'runs/models'],
    ["@stage == 0 ? @root + '/stage0' : @root", 'runs'],
    ["@mode == 'fast' and @stage >= 1", true],
    ["@mode != 'fast' or not True", false],
    ['[@stage, @a::b, None, "x"]', [1, [1, 2], null, 'x']],
    ['max(1, @stage, 3) % 2', 1],
    ['-@stage', -1],
    ["'@stage'", '@stage'],
    ['@flag ? 1 : 2', 2],
    ["'a' if @stage == 1 else 'b'", 'a'],
    ["'a' if @flag else 'b' if @stage == 0 else 'c'", 'c'],
    ["'if else' if @flag else 'else if'", 'else if'],
    ["os.path.join(@root, 'models', 'stage0')", 'runs/models/stage0'],
    ["join('runs/', '/abs', 'x')", '/abs/x'],
    ["int('3') + float('1.5') + len([1, 2])", 6.5],
    ['int(-1.7)', -1],
    ["str(@stage) + 'x'", '1x'],
    ['@a#b + [3]', [1, 2, 3]],
    ['@section', { x: 1 }],
    ['1.0 - float(@out_size) / float(@patch_size)', 1 - 164 / 256],
    ['np.pi == math.pi and pi > 3', true],
  ])('computes %s', (expression, value) => {
    expect(evaluate(expression)).toEqual(value);
  });

  it.each([
    'x = 1',
    'f(x) = x',
    '@a.b',
    '@a#b[1]',
    "import('fs')",
    "parse('1')",
    'evaluate("1")',
    "createUnit('x')",
    '1; 2',
    '{a: 1}',
    '1:3',
    'constructor',
    'cos(1)',
    "max.constructor('return process')()",
    'stage',
    '',
    '1 +',
    '1 +  # comment',
    "'a' + 1",
    'sqrt(-1)',
    '1 / 0',
    '3 cm',
    "'x'['constructor']",
    '__proto__',
    'toString()',
    '"a"\'',
    'os.path.exists("x")',
    'np.random.rand()',
    "float('x')",
    'len(1)',
    'import os',
    'lambda x: x',
    '[x for x in @a::b]',
    "__import__('os').system('ls')",
    'process.exit()',
    'globalThis',
    "config('x')",
    "simplify('x')",
    'range(1, 1e9)',
    "'x'.constructor",
    '(x -> x)(1)',
  ])('refuses %s', (expression) => {
    expect(() => evaluate(expression)).toThrow(ConfigError);
  });

  it('says how a configuration value is written', () => {
    expect(() => evaluate('stage + 1')).toThrow(
      'configuration here: unknown name stage; write @stage for a configuration value',
    );
  });
});
