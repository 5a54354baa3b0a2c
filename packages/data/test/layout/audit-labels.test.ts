import { describe, expect, it } from 'vitest';
import { auditLabels } from '../../src/layout/audit-labels.js';

/** Labels drawn with one character a pixel: digits are ids, dots background. */
function draw(ids: string, types: string) {
  const rows = (text: string) => text.trim().split(/\s+/);
  const read = (text: string) => Int32Array.from(rows(text).join('').replaceAll('.', '0'), Number);
  return { shape: [rows(ids).length, rows(ids)[0]!.length] as const, instanceMap: read(ids), typeMap: read(types) };
}

describe('auditLabels', () => {
  it('finds nothing in good labels, nor in nuclei that something cuts in two', () => {
    expect(auditLabels(draw('11.22 11.22 ..... 1.333', '55.66 55.66 ..... 5.777'))).toEqual({
      nuclei: 3,
      masks: 0,
      scattered: 0,
      untyped: 0,
      typesOnBackgroundPx: 0,
    });
  });

  it('sees a mask in place of a map of nuclei', () => {
    expect(auditLabels(draw('9..9 ...9', '1..1 ...1'))).toMatchObject({ nuclei: 1, masks: 1, scattered: 0 });
  });

  it('sees one id for two nuclei far apart', () => {
    expect(auditLabels(draw('1..1.22', '1..1.22'))).toMatchObject({ masks: 0, scattered: 1 });
  });

  it('sees nuclei without a type and types without a nucleus; labels without types are whole', () => {
    expect(auditLabels(draw('11.22', '11...'))).toMatchObject({ untyped: 1, typesOnBackgroundPx: 0 });
    expect(auditLabels(draw('11.22', '11122'))).toMatchObject({ untyped: 0, typesOnBackgroundPx: 1 });
    expect(auditLabels(draw('11.22', '.....'))).toMatchObject({ untyped: 0 });
  });
});
