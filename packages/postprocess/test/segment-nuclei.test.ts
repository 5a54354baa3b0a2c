import { ArgumentError, createHoverMaps, createPlanes, flipView, type RawMaps } from '@hovernet/core';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { segmentNuclei } from '../src/index.js';
import { createHoverTargets } from './support/synthetic-maps.js';

/** Four ellipses, the second touching the first, the fourth cut by the edge: the specification's golden vector G7. */
function createEllipses(): RawMaps {
  const ellipses = [
    [30, 30, 12, 8],
    [34, 46, 8, 12],
    [70, 20, 6, 10],
    [80, 88, 9, 9],
  ] as const;
  const instances = Int32Array.from({ length: 96 * 96 }, (_, i) => {
    const [y, x] = [Math.floor(i / 96), i % 96];
    return 1 + ellipses.findIndex(([cy, cx, ry, rx]) => ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1);
  });
  const classes = instances.map((id, i) => (id === 3 && i % 96 < 14 ? 0 : id));
  const np = createPlanes(2, 96, 96);
  const nc = createPlanes(5, 96, 96);
  nc.data.fill(-3);
  instances.forEach((id, i) => {
    np.data[i] = id > 0 ? -4 : 4;
    np.data[96 * 96 + i] = id > 0 ? 4 : -4;
    nc.data[classes[i]! * 96 * 96 + i] = 3;
  });
  return { np, hv: createHoverTargets({ height: 96, width: 96, instances, classes }), nc };
}

describe('segmentNuclei', () => {
  const ellipses = createEllipses();
  const areas = (map: { data: Int32Array }) =>
    [1, 2, 3, 4].map((id) => map.data.filter((label) => label === id).length);

  it.each([0.4, 0.5])('finds the four ellipses with the rules of MONAI and threshold %s', (markerThreshold) => {
    const { instanceMap, nuclei } = segmentNuclei(ellipses, { markerThreshold });
    expect(areas(instanceMap)).toEqual([298, 272, 185, 243]);
    expect(nuclei.map(({ box }) => box)).toEqual([
      [22, 18, 39, 43],
      [37, 26, 59, 43],
      [10, 64, 31, 77],
      [79, 71, 96, 90],
    ]);
    expect(nuclei.map(({ contour }) => contour.length)).toEqual([34, 33, 28, 17]);
    expect(nuclei[0]!.contour.slice(0, 4)).toEqual([
      [30, 18],
      [29, 19],
      [27, 19],
      [25, 21],
    ]);
    expect(nuclei.map(({ type }) => type)).toEqual([1, 2, 3, 4]);
    expect(nuclei.map(({ typeProbability }) => typeProbability!.toFixed(6))).toEqual([
      '0.993289',
      '0.996324',
      '0.881081',
      '1.000000',
    ]);
  });

  it('finds the four ellipses with the rules of the original', () => {
    const { instanceMap, nuclei } = segmentNuclei(ellipses, { reference: 'hover_net' });
    expect(areas(instanceMap)).toEqual([297, 273, 185, 243]);
    expect(nuclei.map(({ centroid }) => centroid.map((value) => Number(value.toFixed(4))))).toEqual([
      [29.9933, 30.0269],
      [46.8864, 34.0513],
      [20, 70],
      [87.6667, 80],
    ]);
    expect(nuclei.map(({ contour }) => contour.length)).toEqual([31, 32, 28, 17]);
    expect(nuclei.map(({ typeProbability }) => typeProbability!.toFixed(6))).toEqual([
      '0.996633',
      '0.996337',
      '0.881081',
      '1.000000',
    ]);
  });

  it('paints the type of each nucleus', () => {
    const { instanceMap, typeMap } = segmentNuclei(ellipses);
    expect([...typeMap!.data]).toEqual([...instanceMap.data]);
  });

  it('leaves types null without a type branch', () => {
    const { typeMap, nuclei } = segmentNuclei({ np: ellipses.np, hv: ellipses.hv });
    expect(typeMap).toBeNull();
    expect(nuclei.map(({ type }) => type)).toEqual([null, null, null, null]);
  });

  it('numbers nuclei without gaps, or keeps the gaps that dropped markers leave', () => {
    // The third ellipse has 185 pixels, its marker 53.
    const options = { minObjectAreaPx: 60, markerThreshold: 0.3 };
    const kept = segmentNuclei(ellipses, { ...options, keepReferenceIds: true });
    const compact = segmentNuclei(ellipses, options);
    expect(kept.nuclei.map(({ id }) => id)).toEqual([1, 2, 4]);
    expect(compact.nuclei.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(compact.nuclei.map(({ contour }) => contour)).toEqual(kept.nuclei.map(({ contour }) => contour));
  });

  it('gives the same result for views as for copies', () => {
    const { np, hv, nc } = ellipses;
    const turnedTwice = (planes: typeof np) => {
      const turned = flipView(flipView(planes.transpose(1, 2, 0), 0), 1).transpose(2, 0, 1);
      const copy = ndarray(new Float32Array(planes.size), planes.shape);
      for (let c = 0; c < planes.shape[0]!; c++) {
        for (let y = 0; y < 96; y++) for (let x = 0; x < 96; x++) copy.set(c, y, x, turned.get(c, y, x));
      }
      return flipView(flipView(copy.transpose(1, 2, 0), 0), 1).transpose(2, 0, 1);
    };
    const views = { np: turnedTwice(np), hv: turnedTwice(hv), nc: turnedTwice(nc!) };
    expect(segmentNuclei(views)).toEqual(segmentNuclei(ellipses));
  });

  it.each([
    [0, 0],
    [0, 5],
    [1, 1],
    [3, 40],
    [10, 10],
  ])('finds nothing in %s × %s pixels of background', (height, width) => {
    const np = createPlanes(2, height, width);
    np.data.fill(1, 0, height * width);
    const { instanceMap, typeMap, nuclei } = segmentNuclei({
      np,
      hv: createHoverMaps(height, width),
      nc: createPlanes(3, height, width),
    });
    expect(instanceMap.shape).toEqual([height, width]);
    expect(typeMap!.shape).toEqual([height, width]);
    expect(nuclei).toEqual([]);
  });

  it('finds nothing where a HoVer map is constant', () => {
    const hv = createHoverMaps(96, 96);
    hv.data.fill(0.25);
    expect(segmentNuclei({ ...ellipses, hv }).nuclei).toEqual([]);
  });

  // NaN in np gave no nuclei, NaN in nc type 0.
  it.each(['np', 'hv', 'nc'] as const)('refuses NaN and infinities in %s, at every place', (name) => {
    const map = ellipses[name]!;
    const last = map.data.length - 1;
    for (const [at, value] of [
      [0, NaN],
      [17, Infinity],
      [last - 2, -Infinity],
      [last, NaN],
    ] as const) {
      const broken = ndarray(map.data.slice(), map.shape);
      broken.data[at] = value;
      const act = () => segmentNuclei({ ...ellipses, [name]: broken });
      expect(act).toThrow(ArgumentError);
      expect(act).toThrow(`segmentNuclei: ${name}: expected finite values, got NaN or an infinity`);
    }
  });

  it.each<[string, object]>([
    ['markerThreshold', { markerThreshold: NaN }],
    ['reference', { reference: 'unknown' }],
    ['normalization', { normalization: 'none' }],
    ['sobelKernelSize', { sobelKernelSize: 100_001 }],
    ['sobelKernelSize', { sobelKernelSize: 4 }],
    ['markerRadiusPx', { markerRadiusPx: -1 }],
    ['minObjectAreaPx', { minObjectAreaPx: NaN }],
  ])('refuses options out of range: %s', (name, options) => {
    expect(() => segmentNuclei(ellipses, options)).toThrow(ArgumentError);
    expect(() => segmentNuclei(ellipses, options)).toThrow(`segmentNuclei: ${name}: expected `);
  });

  it('refuses NaN where the maps have an odd number of values', () => {
    const np = createPlanes(2, 1, 1);
    np.data[1] = NaN;
    expect(() => segmentNuclei({ np, hv: createHoverMaps(1, 1) })).toThrow('finite');
  });

  it('refuses shapes that disagree', () => {
    expect(() => segmentNuclei({ ...ellipses, hv: createHoverMaps(4, 96) })).toThrow(
      'segmentNuclei: hv: expected [2, 96, 96]',
    );
  });
});
