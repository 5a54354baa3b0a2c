import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseLiteral } from '../../src/config/parse-literal.js';

const scalar = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  fc.boolean(),
  fc.constant(null),
  fc.string().filter((text) => !/[\\\n]/.test(text)),
);
const value = fc.letrec((tie) => ({
  list: fc.array(fc.oneof(scalar, tie('list')), { maxLength: 4 }),
})).list;

it('reads back every list that JSON writes', () => {
  fc.assert(
    fc.property(value, (list) => {
      expect(parseLiteral(JSON.stringify(list))).toEqual(list);
    }),
  );
});

it('never fails but with its own error, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseLiteral(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
      }
    }),
  );
});
