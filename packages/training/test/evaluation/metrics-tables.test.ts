import { describe, expect, it } from 'vitest';
import { formatMetrics, formatRawValues, formatSummary, summarizeValues } from '../../src/evaluation/metrics-tables.js';

const images = [
  { filename: 'test_1', value: 0.8 },
  { filename: 'test_2', value: 0.65432109 },
  { filename: 'test_3', value: NaN },
  { filename: 'test_4', value: 0.9 },
];

describe('the tables of MetricsSaver', () => {
  it('metrics.csv has a line for each metric, with every digit and no header', () => {
    expect(formatMetrics({ val_mean_dice: 0.1 + 0.2, val_pq: NaN })).toBe(
      'val_mean_dice,0.30000000000000004\nval_pq,nan\n',
    );
  });

  it('the raw table has a line for each image, its value as that of the class and as the mean', () => {
    expect(formatRawValues(images)).toBe(
      [
        'filename,class0,mean',
        'test_1,0.8000,0.8000',
        'test_2,0.6543,0.6543',
        'test_3,nan,nan',
        'test_4,0.9000,0.9000',
        '',
      ].join('\n'),
    );
  });

  it('the summary has the operations in their order, without undefined values', () => {
    // As NumPy's nanmean, nanmedian, nanmax, nanmin, nanpercentile(90) and nanstd of these values.
    expect(formatSummary(images)).toBe(
      [
        'class,mean,median,max,min,90percentile,std,notnans',
        'class0,0.7848,0.8000,0.9000,0.6543,0.8800,0.1009,3.0000',
        'mean,0.7848,0.8000,0.9000,0.6543,0.8800,0.1009,3.0000',
        '',
      ].join('\n'),
    );
  });

  it('quotes names that would break a line', () => {
    expect(formatRawValues([{ filename: 'a, "b"', value: 1 }])).toMatch(/^"a, ""b""",1\.0000,1\.0000$/m);
  });
});

describe('summarizeValues', () => {
  it('interpolates between the middle values, and has no spread for one', () => {
    expect(summarizeValues([1, 3])).toMatchObject({ median: 2, '90percentile': 2.8, std: 1, notnans: 2 });
    expect(summarizeValues([0.5])).toMatchObject({ mean: 0.5, min: 0.5, max: 0.5, std: 0 });
  });

  it('is undefined where every value is', () => {
    expect(summarizeValues([NaN])).toMatchObject({ mean: NaN, median: NaN, std: NaN, notnans: 0 });
  });
});
