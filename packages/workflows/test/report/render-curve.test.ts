import { describe, expect, it } from 'vitest';
import { createLinearScale, createLogScale, formatTick } from '../../src/report/curve-scale.js';
import { renderCurve } from '../../src/report/render-curve.js';

describe('axes', () => {
  it('have round ticks that enclose the values', () => {
    const scale = createLinearScale([0.13, 0.87], [0, 100], 5);
    expect(scale.ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(scale.place(0.5)).toBeCloseTo(50);
    expect(createLinearScale([3, 3], [0, 100], 4).place(3)).toBeCloseTo(50);
    expect(createLinearScale([], [0, 100], 4).ticks.at(-1)).toBe(1);
  });

  it('have ticks at powers of ten on a logarithmic scale, and between where there are few', () => {
    expect(createLogScale([0.002, 30], [0, 1]).ticks).toEqual([0.001, 0.01, 0.1, 1, 10, 100]);
    expect(createLogScale([3, 30], [0, 1]).ticks).toEqual([2, 5, 10, 20, 50]);
    const scale = createLogScale([1, 100], [0, 100]);
    expect([scale.place(1), scale.place(10), scale.place(100)]).toEqual([0, 50, 100]);
    expect(createLogScale([5, 5], [0, 1]).ticks).toEqual([5, 10]);
  });

  it('name their ticks shortly', () => {
    expect([0, 0.25, 1500, 1e-4, 2e6].map(formatTick)).toEqual(['0', '0.25', '1500', '1e-4', '2e6']);
  });
});

describe('renderCurve', () => {
  const train = {
    name: 'train',
    points: [
      [1, 4],
      [2, 2],
      [3, 1],
    ] as const,
  };

  it('draws one line for each series in the same frame, with title, labels and legend', () => {
    const svg = renderCurve([train, { name: 'a < b', points: [[1, 3]] }], { title: 'Loss', yLabel: 'loss' });
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="720" height="420"/);
    expect(svg).toMatch(/<\/svg>\n$/);
    expect(svg.match(/stroke-linejoin/g)).toHaveLength(2);
    for (const text of ['>Loss<', '>epoch<', '>loss<', '>train<', '>a &#60; b<']) expect(svg).toContain(text);
  });

  it('places falling values lower on the page', () => {
    const path = /<path d="M([^"]+)" fill="none" stroke="#0072b2"/.exec(renderCurve([train]))![1]!;
    const points = path.split('L').map((point) => point.replace('h0', '').split(' ').map(Number));
    expect(points).toHaveLength(3);
    expect(points[0]![0]).toBeLessThan(points[1]![0]!);
    expect(points[0]![1]).toBeLessThan(points[1]![1]!);
  });

  it('interrupts the line at values that cannot be shown', () => {
    const points = [
      [1, 1],
      [2, 0.1],
      [3, NaN],
      [4, 0.1],
      [5, 0],
      [6, 10],
    ] as const;
    const linear = renderCurve([{ name: 'x', points }]);
    const log = renderCurve([{ name: 'x', points }], { yScale: 'log' });
    const lineOf = (svg: string) => /<path d="([^"]+)" fill="none" stroke="#0072b2"/.exec(svg)![1]!;
    expect(lineOf(linear).match(/M/g)).toHaveLength(2);
    expect(lineOf(log).match(/M/g)).toHaveLength(3);
    expect(`${linear}${log}`).not.toContain('NaN');
    expect(lineOf(log)).toMatch(/h0$/);
  });

  it('draws empty axes without points', () => {
    expect(renderCurve([], { yScale: 'log' })).toContain('</svg>');
    expect(renderCurve([{ name: 'x', points: [] }])).not.toContain('NaN');
  });
});

it('breaks a legend that is too wide into rows above the plot', () => {
  const series = Array.from({ length: 7 }, (_, index) => ({ name: `a rather long name ${index}`, points: [] }));
  const rows = [...renderCurve(series).matchAll(/<path d="M\d+(?:\.\d+)? (\d+)h20"/g)].map((match) => Number(match[1]));
  expect(rows).toHaveLength(7);
  expect(new Set(rows).size).toBe(3);
});
