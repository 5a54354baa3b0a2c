import { ArgumentError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { parseLiteral } from '../../src/config/parse-literal.js';

describe('parseLiteral', () => {
  it.each([
    ['True', true],
    ['false', false],
    ['None', null],
    ['null', null],
    ['~', null],
    ['8', 8],
    ['-1', -1],
    ['1e-4', 1e-4],
    ['.5', 0.5],
    ['2.', 2],
    ['fast', 'fast'],
    ['', ''],
    ['1000x', '1000x'],
    ['0x10', '0x10'],
    ["'8'", '8'],
    ['"a \\"b\\""', 'a "b"'],
    ["'a'.json", "'a'.json"],
    ['/data/CoNSeP, 2', '/data/CoNSeP, 2'],
    ['@epochs', '@epochs'],
    ['$@stage == 0 ? 1 : 2', '$@stage == 0 ? 1 : 2'],
  ])('reads the scalar %s', (text, value) => {
    expect(parseLiteral(text)).toBe(value);
  });

  it.each([
    ['[]', []],
    ['[540, 540]', [540, 540]],
    ['(1, 2,)', [1, 2]],
    ["['configs/train.json','configs/evaluate.json']", ['configs/train.json', 'configs/evaluate.json']],
    ['[Train, Test]', ['Train', 'Test']],
    ['[[1, 2], [None, True], "x, y"]', [[1, 2], [null, true], 'x, y']],
    [' [ a ] ', ['a']],
  ])('reads the list %s', (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });

  it.each(['[1, 2', "['a' 'b']", '[1] 2', '[,', '(1, 2]'])('refuses the broken list %s', (text) => {
    expect(() => parseLiteral(text)).toThrow(ArgumentError);
  });
});
